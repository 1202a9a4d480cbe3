"""Whatever is sent to a form: no failure, no value that may not be, no word of the program.

Run by ``tox run -e fuzz-forms``. Every registered kind, with the samples of its bench
(``kind_samples``): by hypothesis straight into the compiled step, and through the whole
application, where odd bodies come, too.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import hypothesis
import suite
from form_faults import FAULTS, planted
from form_town import PATH, FormTown, field_name, renamed, right
from fuzz_world import generating
from hypothesis import strategies as st
from kind_samples import KindSample, name_of, samples
from odd_input import encoded, input_names, odd_bodies, odd_pairs
from town import FORM
from value_oracle import may_accept

from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.testing.pages import Expected, PageKind, breaches
from selvbetjening_core.testing.sample_steps import TODAY
from selvbetjening_core.testing.sent import Pairs
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import FormState, Submitted

ABOUT = (
    "hypothesis sends odd answers (NaN, 1e999999, 1_000, digits of other scripts, lone surrogates,"
    " null characters, marks that turn text, twice the same name, names that are deep or near"
    " another, marks of peppercorn) to every registered kind: straight into the compiled step,"
    " where any exception is a finding, and through the whole application, beside bodies that are"
    " no good form (a million fields, a megabyte in a name, wrong encodings and charsets,"
    " multipart, JSON). No answer of 500 or more; no value that is accepted but not in the"
    " kind's own range, which is written down a second time (`tests/fuzz_forms/value_oracle.py`)"
    " and must be read back as the same; no English and no internal word on a Danish page."
)
_LANGUAGE = "SB-18"
_SERVER_ERROR = 500
_MOST_TOLD = 20


@dataclass
class Tally:
    """What was sent, and what must not be."""

    counts: Counter[str] = field(default_factory=Counter)
    found: dict[str, None] = field(default_factory=dict)

    def miss(self, what: str) -> None:
        """Something that must not be; told once."""
        self.found[what] = None


def run(options: suite.Options) -> suite.Result:
    """Some thousand answers with ``small``; else some hundred thousand. The seed is told."""
    every, tally = _samples(), Tally()
    for figure in ("answers of 500 or more", "values accepted", "answers kept and judged"):
        tally.counts[figure] = 0
    with planted(options.fault):
        answered = [one for one in every if one.kind.declaration.takes_answer]
        for sample in answered:
            if sample.bench.accepted:
                _into_step(sample, options.many(2_000, 40), options.seed, tally)
        asked = [one for one in answered if one.is_typed_in_one]
        with FormTown(asked) as town:
            _odd_answers(town, asked, options.many(1_500, 25), options.seed, tally)
            _odd_bodies(town, asked, tally, small=options.small)
    figures = {"kinds": len(asked), **tally.counts, "seed": options.seed}
    missed = list(tally.found)[:_MOST_TOLD]
    for figure in ("values accepted", "answers kept and judged"):
        if not (options.fault or tally.counts[figure]):
            missed.append(f"no {figure}: nothing was judged")
    return suite.Result(figures, missed)


# -- straight into the step ---------------------------------------------------------


def _into_step(sample: KindSample, examples: int, seed: int, tally: Tally) -> None:
    step = sample.compiled("empty", "da", PLAIN, {PLAIN.name: PLAIN})
    names = [name for name in input_names(sample) if name.startswith(name_of(1))]
    known = [text for _, text in sample.sent("filled")]

    @hypothesis.seed(seed)
    @generating(examples)
    @hypothesis.given(odd_pairs(names, known))
    def send(pairs: Pairs) -> None:
        tally.counts["answers read"] += 1
        try:
            state = step.read(Submitted(pairs, TODAY, sample.facts))
            _judge_values(sample, step, state, tally)
            _judge_words(sample, step, state, pairs, tally)
        except Exception as error:  # noqa: BLE001 - reading must never fail
            tally.miss(f"{sample.name}: {type(error).__name__} on {pairs!r}"[:300])

    send()


def _judge_values(sample: KindSample, step: ICompiledStep, state: FormState, tally: Tally) -> None:
    again, asked = step.recheck(state), {field.name for field in step.step.fields}
    for name, value in state.values.items():
        if name not in asked:
            # A part of a group whose answer is not whole: it is no answer yet.
            continue
        tally.counts["values accepted"] += 1
        if not may_accept(sample, value):
            tally.miss(f"{sample.name} accepted {value!r}"[:300])
        elif again.values.get(name) != value:
            tally.miss(f"{sample.name} accepted {value!r}, not again"[:300])


def _judge_words(
    sample: KindSample, step: ICompiledStep, state: FormState, pairs: Pairs, tally: Tally
) -> None:
    html = step.render(state).html
    typed = [text for _, text in pairs] + [str(value) for value in state.values.values()]
    for what in _words(html, PageKind.FRAGMENT, (*sample.quoted, *typed)):
        tally.miss(f"{sample.name}: {what}"[:300])


def _words(html: str, kind: PageKind, typed: tuple[str, ...]) -> Iterator[str]:
    lines = [line for text in typed for line in (text, *text.splitlines()) if line.strip()]
    for one in breaches(html, kind, Expected("da", quoted=tuple(lines))):
        if one.rule.startswith(_LANGUAGE):
            yield str(one)


# -- through the application --------------------------------------------------------


def _odd_answers(
    town: FormTown, asked: list[KindSample], examples: int, seed: int, tally: Tally
) -> None:
    by_field = {field_name(one): one for one in asked}
    odd = st.sampled_from(asked).flatmap(
        lambda one: odd_pairs(
            [name for name, _ in renamed(one, one.bench.accepted[0].typed)],
            [text for _, text in one.sent("filled")],
        )
    )

    @hypothesis.seed(seed)
    @generating(examples)
    @hypothesis.given(odd)
    def send(pairs: Pairs) -> None:
        touched = {name for name, _ in pairs}
        rest = [one for one in right(asked) if one[0] not in touched]
        body = encoded([*town.hidden, *rest, *pairs])
        _send(town, by_field, "an odd answer", body, FORM, pairs, tally)

    send()


def _odd_bodies(town: FormTown, asked: list[KindSample], tally: Tally, *, small: bool) -> None:
    by_field = {field_name(one): one for one in asked}
    hidden = encoded(town.hidden) + b"&"
    for sample in asked[:2] if small else asked:
        name = renamed(sample, sample.bench.accepted[0].typed)[0][0]
        for what, body, kind in odd_bodies(name):
            for begun in (b"", hidden):
                _send(town, by_field, what, begun + body, kind, (), tally)


def _send(
    town: FormTown,
    by_field: Mapping[str, KindSample],
    what: str,
    body: bytes,
    kind: str,
    pairs: Pairs,
    tally: Tally,
) -> None:
    page = town.browser.ask("POST", PATH, body, Content_Type=kind)
    tally.counts["requests"] += 1
    tally.counts["requests refused"] += page.status >= 400
    if page.status >= _SERVER_ERROR:
        tally.counts["answers of 500 or more"] += 1
        tally.miss(f"{what}, {kind}: {page.status} on {pairs!r}"[:300])
    typed = [text for _, text in (*pairs, *right(list(by_field.values())))]
    shown = PageKind.STEP if page.status == 200 else PageKind.MESSAGE
    for word in _words(page.text, shown, (*typed, "Kirsten Test Berggren", "Test Berggren")):
        if page.text:
            tally.miss(f"{what}: {word}"[:300])
    kept = town.answers()
    for name, value in kept.items():
        tally.counts["answers kept and judged"] += 1
        if name not in by_field or not may_accept(by_field[name], value):
            tally.miss(f"{what}: kept {name} = {value!r}"[:300])
    if kept or page.status in (303, 401, 403):
        town.begin_anew()


@lru_cache
def _samples() -> tuple[KindSample, ...]:
    return samples()


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    return suite.main(
        "fuzz-forms",
        run,
        FAULTS,
        title="Whatever is sent to a form",
        about=ABOUT,
        arguments=arguments,
    )


if __name__ == "__main__":
    sys.exit(main())
