"""Whatever is sent to a form: no failure, no value that may not be, no word of the program.

Run by ``tox run -e fuzz-forms``. Every registered kind, with the samples of its bench
(``kind_samples``): by hypothesis straight into the compiled step, and through the whole
application, where odd bodies come, too.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import hypothesis
import suite
from form_faults import FAULTS, planted
from form_town import PATH, FormTown, field_name, right
from fuzz_world import generating
from hypothesis import strategies as st
from kind_samples import KindSample, name_of, samples
from odd_input import buttons, encoded, input_names, odd_bodies, odd_pairs
from odd_parts import Parts, odd_parts
from town import FORM
from value_oracle import may_accept

from selvbetjening_core.definitions.model import FILES
from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.testing.pages import Expected, PageKind, breaches
from selvbetjening_core.testing.sample_steps import KEPT, TODAY
from selvbetjening_core.testing.sent import Pairs
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import FormState, Submitted

ABOUT = (
    "hypothesis sends odd answers (NaN, 1e999999, 1_000, digits of other scripts, lone surrogates,"
    " null characters, marks that turn text, twice the same name, names that are deep or near"
    " another, rows under forged numbers, marks of peppercorn, buttons that nobody made) to every"
    " registered kind, groups, rows and files among them: straight into the compiled step,"
    " where any exception is a finding, and through the whole application, beside forms in parts"
    " with odd boundaries, headers, charsets, names and files, and bodies that are"
    " no good form (a million fields, a megabyte in a name, wrong encodings and charsets,"
    " JSON). No answer of 500 or more; nothing kept by a button; no file left on the disk that no"
    " answer has; no value that is accepted but not in the"
    " kind's own range, which is written down a second time (`tests/fuzz_forms/value_oracle.py`)"
    " and must be read back as the same; no English and no internal word on a Danish page."
)
_LANGUAGE = "SB-18"
_SERVER_ERROR = 500
_MOST_TOLD = 20
_JUDGED = ("values accepted", "answers kept and judged", "files kept and judged")
_FORGED = json.dumps(KEPT["papers"])
"""Files as an answer has them, typed by somebody."""


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
    for figure in ("answers of 500 or more", *_JUDGED):
        tally.counts[figure] = 0
    with planted(options.fault):
        asked = [one for one in every if one.kind.declaration.takes_answer]
        for sample in asked:
            _into_step(sample, options.many(2_000, 40), options.seed, tally)
            _press(sample, options.many(500, 15), options.seed, tally)
        with FormTown(asked) as town:
            _odd_answers(town, asked, options.many(1_500, 25), options.seed, tally)
            _in_parts(town, asked, options.many(1_500, 25), options.seed, tally)
            _odd_bodies(town, asked, tally, small=options.small)
    figures = {"kinds": len(asked), **tally.counts, "seed": options.seed}
    missed = list(tally.found)[:_MOST_TOLD]
    for figure in _JUDGED:
        if not (options.fault or tally.counts[figure]):
            missed.append(f"no {figure}: nothing was judged")
    return suite.Result(figures, missed)


# -- straight into the step ---------------------------------------------------------


def _into_step(sample: KindSample, examples: int, seed: int, tally: Tally) -> None:
    step = sample.compiled("empty", "da", PLAIN, {PLAIN.name: PLAIN})

    @hypothesis.seed(seed)
    @generating(examples)
    @hypothesis.given(_pairs_of(sample))
    def send(pairs: Pairs) -> None:
        tally.counts["answers read"] += 1
        try:
            state = step.read(Submitted(pairs, TODAY, sample.facts))
            _judge_values(sample, step, state, tally)
            _judge_words(sample, step, state, pairs, tally)
        except Exception as error:  # noqa: BLE001 - reading must never fail
            tally.miss(f"{sample.name}: {type(error).__name__} on {pairs!r}"[:300])

    send()


def _press(sample: KindSample, examples: int, seed: int, tally: Tally) -> None:
    step = sample.compiled("empty", "da", PLAIN, {PLAIN.name: PLAIN})

    @hypothesis.seed(seed)
    @generating(examples)
    @hypothesis.given(_pairs_of(sample), buttons(_first_names(sample)))
    def press(pairs: Pairs, button: str) -> None:
        tally.counts["buttons pressed"] += 1
        try:
            state = step.press(Submitted(pairs, TODAY, sample.facts), button)
            _judge_values(sample, step, state, tally)
            _judge_words(sample, step, state, pairs, tally)
        except Exception as error:  # noqa: BLE001 - no button may fail
            tally.miss(f"{sample.name}: {type(error).__name__} on {button!r}, {pairs!r}"[:300])
        else:
            _judge_pressed(sample, state, button, tally)

    press()


def _judge_pressed(sample: KindSample, state: FormState, button: str, tally: Tally) -> None:
    rows = len(state.typed.get(name_of(1), ()))
    if state.errors:
        tally.miss(f"{sample.name}: {button!r} found something wrong"[:300])
    if sample.kind.declaration.group and rows > sample.bench.keys.get("at_most", 1):
        tally.miss(f"{sample.name}: {rows} rows after {button!r}"[:300])


def _first_names(sample: KindSample) -> tuple[str, ...]:
    """The inputs of the first question; of files, the one that no text belongs in."""
    found = tuple(name for name in input_names(sample) if name.startswith(name_of(1)))
    return found or (name_of(1),)


def _pairs_of(sample: KindSample) -> st.SearchStrategy[Pairs]:
    known = [text for _, text in sample.sent("filled")]
    right = tuple(pair for pair in sample.sent("filled") if pair[0].startswith(name_of(1)))
    return odd_pairs(_first_names(sample), [*known, _FORGED], right)


def _judge_values(sample: KindSample, step: ICompiledStep, state: FormState, tally: Tally) -> None:
    again, asked = step.recheck(state), {field.name for field in step.step.fields}
    for name, value in state.values.items():
        if name not in asked:
            # A part of a group whose answer is not whole: it is no answer yet.
            continue
        tally.counts["values accepted"] += 1
        if sample.name == FILES or not may_accept(sample, value):
            # No file is among what is typed.
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
    lines = {line for text in typed for line in (text, *text.splitlines()) if line.strip()}
    # The longest first: a short one may stand within another.
    quoted = tuple(sorted(lines, key=len, reverse=True))
    for one in breaches(html, kind, Expected("da", quoted=quoted)):
        if one.rule.startswith(_LANGUAGE):
            yield str(one)


# -- through the application --------------------------------------------------------


@dataclass(frozen=True)
class _Request:
    """What is sent to the step.

    :param typed: texts of it that may stand on the page as they are
    """

    what: str
    body: bytes
    kind: str = FORM
    typed: tuple[str, ...] = ()
    keeps_nothing: bool = False


def _odd_answers(
    town: FormTown, asked: list[KindSample], examples: int, seed: int, tally: Tally
) -> None:
    odd = st.sampled_from(asked).flatmap(_odd_answer_to)
    every = st.tuples(odd, st.one_of(st.none(), st.none(), buttons(list(map(field_name, asked)))))

    @hypothesis.seed(seed)
    @generating(examples)
    @hypothesis.given(every)
    def send(found: tuple[Pairs, str | None]) -> None:
        pairs, button = found
        touched = {name for name, _ in pairs}
        rest = [one for one in right(asked) if one[0] not in touched]
        pressed = () if button is None else (("do", button),)
        body = encoded([*town.hidden, *rest, *pairs, *pressed])
        typed = tuple(text for _, text in pairs)
        what = f"an odd answer {pairs!r}, {button!r}"
        _send(town, asked, _Request(what, body, FORM, typed, button is not None), tally)

    send()


def _odd_answer_to(sample: KindSample) -> st.SearchStrategy[Pairs]:
    answer = right([sample])
    names = [name for name, _ in answer] or [field_name(sample)]
    known = [text for _, text in sample.sent("filled")]
    return odd_pairs(names, [*known, _FORGED], answer)


def _in_parts(
    town: FormTown, asked: list[KindSample], examples: int, seed: int, tally: Tally
) -> None:
    files = [field_name(one) for one in asked if one.name == FILES]
    names = [name for name, _ in right(asked)]

    @hypothesis.seed(seed)
    @generating(examples)
    @hypothesis.given(odd_parts(town.hidden, right(asked), names, files))
    def send(parts: Parts) -> None:
        tally.counts["forms in parts"] += 1
        what = f"parts {parts.kind}, {parts.told}"
        _send(town, asked, _Request(what, parts.body, parts.kind, parts.told), tally)

    send()


def _odd_bodies(town: FormTown, asked: list[KindSample], tally: Tally, *, small: bool) -> None:
    hidden = encoded(town.hidden) + b"&"
    for sample in asked[:2] if small else asked:
        name = next((name for name, _ in right([sample])), field_name(sample))
        for what, body, kind in odd_bodies(name):
            for begun in (b"", hidden):
                _send(town, asked, _Request(what, begun + body, kind), tally)


def _send(town: FormTown, asked: list[KindSample], sent: _Request, tally: Tally) -> None:
    page = town.browser.ask("POST", PATH, sent.body, Content_Type=sent.kind)
    tally.counts["requests"] += 1
    tally.counts["requests refused"] += page.status >= 400
    if page.status >= _SERVER_ERROR:
        tally.counts["answers of 500 or more"] += 1
        tally.miss(f"{page.status}: {sent.what}, {sent.kind}"[:600])
    typed = (*sent.typed, *(text for _, text in right(asked)))
    shown = PageKind.STEP if page.status == 200 else PageKind.MESSAGE
    if page.text:
        for word in _words(page.text, shown, (*typed, "Kirsten Test Berggren", "Test Berggren")):
            tally.miss(f"{word}: {sent.what}"[:600])
    _judge_kept(town, asked, sent, tally, begins_anew=page.status in (303, 401, 403))


def _judge_kept(
    town: FormTown, asked: list[KindSample], sent: _Request, tally: Tally, *, begins_anew: bool
) -> None:
    by_field, kept = {field_name(one): one for one in asked}, town.answers()
    if sent.keeps_nothing and kept:
        tally.miss(f"a button kept {sorted(kept)}: {sent.what}"[:600])
    for name, value in kept.items():
        tally.counts["answers kept and judged"] += 1
        sample = by_field.get(name)
        tally.counts["files kept and judged"] += bool(sample and sample.name == FILES)
        if sample is None or not may_accept(sample, value):
            tally.miss(f"kept {name} = {value!r}: {sent.what}"[:600])
    left_over = town.left_over()
    if left_over:
        tally.miss(f"{len(left_over)} files are left over: {sent.what}"[:600])
    if kept or left_over or begins_anew:
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
