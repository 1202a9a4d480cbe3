"""Every field kind that is installed, with questions of it and answers to them.

A kind's samples are those of its bench (:class:`FieldKindBench`), which every kind
has for its conformance kit. So a new kind comes in by itself; one without a bench
is an error.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from selvbetjening_core.composition.plugins import installed_plugins
from selvbetjening_core.definitions.model import Field, Step
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.interfaces import ICompiledStep, IFieldKind, ITheme
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.found import announced_kits
from selvbetjening_core.testing.kinds import NAME, Accepted, FieldKindBench
from selvbetjening_core.testing.sample_pages import QUOTED
from selvbetjening_core.testing.sample_steps import FACTS, TODAY, both, compiled_step, step_of
from selvbetjening_core.testing.sent import Pairs
from selvbetjening_core.values import FormState, Submitted

ANSWERED = ("empty", "error", "filled")
READ_ONLY = ("read-only",)
_HELP = both("Du kan se det på brevet.\n\nRing, hvis du er i tvivl.", "See the letter.\n\nOr call.")
_HINT = both("Det står på dit brev.", "It is on your letter.")


class NoSample(Exception):
    """A kind is there that nobody can show; the message says what to do."""


@dataclass(frozen=True, eq=False)
class KindSample:
    """One kind, and what is shown of it."""

    kind: Any
    bench: FieldKindBench

    @property
    def name(self) -> str:
        """The kind's name."""
        return str(self.kind.declaration.name)

    @property
    def states(self) -> tuple[str, ...]:
        """The states it can be shown in."""
        return ANSWERED if self.kind.declaration.takes_answer else READ_ONLY

    @property
    def by_keyboard(self) -> Accepted:
        """The answer that is given without a mouse."""
        return self.bench.accepted[0]

    @property
    def facts(self) -> Mapping[str, object]:
        """What the server knows of the citizen."""
        return {**FACTS, **self.bench.facts}

    @property
    def quoted(self) -> tuple[str, ...]:
        """Texts that are what they are in every language."""
        typed = [
            text for one in (*self.bench.accepted, *self.bench.refused) for _, text in one.typed
        ]
        shown = [one.shown for one in self.bench.accepted]
        known = [str(value) for value in self.facts.values()]
        every = [line for text in (*typed, *shown, *known) for line in (text, *text.splitlines())]
        return (*QUOTED, *(one for one in every if one.strip()))

    def step(self, state: str) -> Step:
        """A step with every question that the state is shown with."""
        return step_of(*self._questions(state))

    def compiled(
        self, state: str, locale: str, theme: ITheme, themes: Mapping[str, ITheme]
    ) -> ICompiledStep:
        """That step, compiled."""
        return compiled_step(
            StepCompiler(),
            self.step(state),
            locale=locale,
            theme=theme,
            themes=themes,
            kinds={self.name: self.kind},
        )

    def in_state(self, step: ICompiledStep, state: str) -> FormState:
        """The step's state. Every answer that is shown as right or wrong is that.

        :raises AssertionError: it is not, so that nothing would be shown
        """
        if state not in ("error", "filled"):
            return FormState(facts=self.facts, today=TODAY)
        found = self.read(step, tuple(self.sent(state)))
        # Of a group it is one of its parts that is wrong.
        wrong = {name.partition(".")[0] for name in found.errors}
        asked = {field.name for field in step.step.fields}
        told = f"{self.name}, {state}: "
        assert state == "filled" or wrong == asked, f"{told}{asked - wrong} have no message"
        assert state == "error" or not wrong, f"{told}{dict(found.errors)}"
        return found

    def read(self, step: ICompiledStep, pairs: Pairs) -> FormState:
        """What the server makes of what a browser sends; of a file: :func:`sent_file`."""
        return step.read(Submitted(pairs, TODAY, self.facts))

    def pressed(self, step: ICompiledStep, pairs: Pairs, button: str) -> FormState:
        """What the server makes of a button of a field."""
        return step.press(Submitted(pairs, TODAY, self.facts), button)

    def sent(self, state: str) -> Iterator[tuple[str, str]]:
        """What a browser sends; the first question of the state ``error`` gets no answer."""
        answers = self.bench.refused if state == "error" else self.bench.accepted
        first = 2 if state == "error" else 1
        for number, one in enumerate(answers, start=first):
            for name, text in one.typed:
                yield name.replace(NAME, name_of(number), 1), text

    def _questions(self, state: str) -> Iterator[Field]:
        if state == "error":
            yield from map(self._question, range(1, len(self.bench.refused) + 2))
        elif state == "filled":
            yield from map(self._question, range(1, len(self.bench.accepted) + 1))
        else:
            yield self._question(1)
        if state == "empty":
            yield replace(self._question(2), hint=_HINT, help=_HELP)
            yield replace(self._question(3), required=False)

    def _question(self, number: int) -> Field:
        label = both(f"Spørgsmål {number}", f"Question {number}")
        return replace(self.bench.field, name=name_of(number), label=label)


def sent_file(name: str, content: bytes) -> str:
    """What stands for a file among what was sent: its name alone is not enough."""
    return f"{name}, {len(content)} bytes"


def name_of(number: int) -> str:
    """The name of a question, counted from 1."""
    return f"{NAME}_{number}"


def samples() -> tuple[KindSample, ...]:
    """One for each kind that is registered here.

    :raises NoSample: a kind has no bench
    """
    benches = _benches()
    # They are samples themselves: imported here, where the class is made.
    from apart_samples import apart_sample_of  # noqa: PLC0415

    kinds = _registered()
    return tuple(apart_sample_of(kind) or sample_of(kind, benches) for kind in kinds)


def sample_of(kind: Any, benches: Mapping[str, FieldKindBench]) -> KindSample:
    """The sample of one kind.

    :raises NoSample: it has no bench, or one that shows nothing
    """
    name = kind.declaration.name
    bench = benches.get(name)
    if bench is None:
        raise NoSample(
            f'the field kind "{name}" has no sample: write a FieldKindBench for it, and name what'
            " makes it in FIELD_KINDS of its conformance module (of the core's own kinds:"
            " OWN_KINDS in selvbetjening_core/testing/own_kinds.py)"
        )
    if kind.declaration.takes_answer and not (bench.accepted and bench.refused):
        raise NoSample(f'the bench of the field kind "{name}" needs accepted and refused answers')
    return KindSample(kind, bench)


def _registered() -> list[Any]:
    found: dict[str, Any] = {}
    for plugin in installed_plugins():
        for claim in Bench(plugin=plugin.name).registration().claims.values():
            if claim.contract is IFieldKind:
                found.setdefault(claim.name, claim.component)
    return list(found.values())


def _benches() -> dict[str, FieldKindBench]:
    found = {}
    for kit in announced_kits():
        for make in getattr(importlib.import_module(kit.module), "FIELD_KINDS", ()):
            bench = make()
            found[bench.kind] = bench
    return found
