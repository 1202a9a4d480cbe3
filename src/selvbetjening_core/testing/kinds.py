"""A kind of field on the bench, and what the core's forms make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import FILES, Field, Option
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.makers import view_maker
from selvbetjening_core.forms.views import FieldView
from selvbetjening_core.interfaces import ICompiledStep, IFieldKind
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import called
from selvbetjening_core.testing.conformance import (
    broken,
    does_not_apply,
)
from selvbetjening_core.testing.pages import Expected, PageKind, breaches
from selvbetjening_core.testing.sample_steps import (
    TODAY,
    both,
    compiled_step,
    question,
    step_of,
)
from selvbetjening_core.testing.sent import Pairs
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.themes.rendering import environment
from selvbetjening_core.values import (
    FormState,
    KindDeclaration,
    Rendered,
    Submitted,
)

NAME = "answer"
"""What the field on the bench is called."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that the kind accepts.

    :param typed: what a browser sends: the inputs' names (``answer``, or
        ``answer.day`` and so on) and what was typed in each
    :param value: the value it becomes, as it is kept
    :param shown: how it is shown afterwards, in Danish
    """

    typed: Pairs
    value: object
    shown: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that the kind does not accept, and the error code it gets."""

    typed: Pairs
    code: str


@dataclass(kw_only=True)
class FieldKindBench(Bench):
    """A plugin that offers a kind of field.

    :param kind: the kind's name; empty for the only one that the plugin offers
    :param accepted: answers that are right
    :param refused: answers that are wrong; missing answers need not be named
    :param keys: the keys of the kind as a definition sets them
    :param options: the options, for a kind that takes options
    :param rows: the rows, for a kind that takes rows
    :param errors: for each error code that the core has no sentence for, the one
        that a definition is to give, in Danish and in English
    :param facts: what the server knows of the citizen
    """

    kind: str = ""
    accepted: tuple[Accepted, ...] = ()
    refused: tuple[Refused, ...] = ()
    keys: Mapping[str, object] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    errors: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The kind's name, where the bench gives it."""
        return self.kind

    def kind_object(self) -> Any:
        """What the plugin registers."""
        return self._kind

    @cached_property
    def _kind(self) -> Any:
        return self.claim(IFieldKind, self.kind).component

    @property
    def field(self) -> Field:
        """A question of the kind."""
        name = self.kind_object().declaration.name
        errors = {code: both(*sentences) for code, sentences in self.errors.items()}
        asked = question(NAME, name, "Spørgsmålet", "The question", errors=errors)
        return replace(asked, options=self.options, rows=self.rows, settings=self.keys)


def declaration_of(bench: FieldKindBench) -> KindDeclaration:
    """The kind's declaration. Fails the check if it is none."""
    told = bench.kind_object().declaration
    if not isinstance(told, KindDeclaration):
        broken(f"declaration is {type(told).__name__}")
    return told


def takes_answers(bench: FieldKindBench) -> None:
    """End the check where the kind takes no answer, or takes it apart from the others."""
    told = declaration_of(bench)
    if not told.takes_answer:
        does_not_apply("the kind takes no answer", da="feltet tager ikke imod svar")
    if told.name == FILES:
        does_not_apply("files arrive apart from what is typed", da="filer sendes for sig selv")


def step_with(
    bench: FieldKindBench, asked: Field | None = None, locale: str = "da"
) -> ICompiledStep:
    """A step with one field of the kind, compiled in the theme ``plain``.

    What the kind raises while it is used fails the check.
    """
    kind = bench.kind_object()
    step = step_of(asked or bench.field)
    known = {kind.declaration.name: kind}
    made = called(lambda: compiled_step(StepCompiler(), step, locale=locale, kinds=known))
    if made.error is not None:
        broken(f"compiling a form with it {made.described}")
    return _Guarded(made.value)


@implementer(ICompiledStep)
class _Guarded:
    """A compiled step whose exceptions are the kind's fault."""

    def __init__(self, step: ICompiledStep) -> None:
        self.step = step.step
        self._step = step

    def render(self, state: FormState) -> Rendered:
        shown: Rendered = self._result("showing", partial(self._step.render, state))
        return shown

    def recheck(self, state: FormState) -> FormState:
        kept: FormState = self._result("checking again", partial(self._step.recheck, state))
        return kept

    def press(self, submitted: Submitted, button: str) -> FormState:
        pressed: FormState = self._result("a button", partial(self._step.press, submitted, button))
        return pressed

    def read(self, submitted: Submitted) -> FormState:
        read: FormState = self._result("reading", partial(self._step.read, submitted))
        return read

    def _result(self, what: str, work: Callable[[], object]) -> Any:
        made = called(work)
        if made.error is not None:
            broken(f"{what} an answer {made.described}")
        return made.value


def sent(bench: FieldKindBench, pairs: Pairs) -> Submitted:
    """What a browser sends to the citizen whom the bench knows."""
    return Submitted(pairs, TODAY, bench.facts)


def _view(bench: FieldKindBench) -> FieldView:
    jinja = environment(PLAIN, {})
    return view_maker(bench.field, bench.kind_object(), "da", jinja).view(bench.facts, TODAY)


def read(bench: FieldKindBench, pairs: Pairs) -> object:
    """The value of the field.

    :raises colander.Invalid: it is refused
    """
    view = _view(bench)
    given: dict[str, str] = {}
    for name, text in pairs:
        given.setdefault(name, text)
    return view.value(view.typed(given, pairs))


def codes_of(bench: FieldKindBench, one: Accepted | Refused) -> list[str]:
    """The error codes it is refused with; none if it is accepted."""
    call = called(lambda: read(bench, one.typed))
    if call.error is None:
        return []
    if not isinstance(call.error, colander.Invalid):
        broken(f"reading an answer {call.described}")
    return messages(call.error)


def messages(invalid: colander.Invalid) -> list[str]:
    """What colander says, which should be codes."""
    return [str(message) for path in invalid.paths() for one in path for message in one.messages()]


def breach_in(rendered: Rendered, state: FormState, locale: str, bench: FieldKindBench) -> str:
    """The first breach of a rule for pages, if any."""
    typed = [text for texts in state.typed.values() for text in texts]
    known = [*typed, *map(str, _known(bench))]
    quoted = tuple(line for text in known for line in (text, *text.splitlines()))
    expected = Expected(locale, quoted=quoted)
    # The summary of mistakes is the page's.
    found = [
        one
        for one in breaches(rendered.html, PageKind.FRAGMENT, expected)
        if not one.rule.startswith("SB-15")
    ]
    return str(found[0]) if found else ""


def _known(bench: FieldKindBench) -> list[object]:
    """What a register knows stands on the page in its own language."""
    shown = [one.shown for one in bench.accepted]
    return [*shown, *bench.facts.values()]
