"""A compiled step: shows and reads one page of questions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import Field, Step
from selvbetjening_core.forms.controls import Given
from selvbetjening_core.forms.facts import field_facts, holds, without_fields
from selvbetjening_core.forms.makers import ViewMaker
from selvbetjening_core.forms.messages import NOW_NEEDED, error_message, invalid_message
from selvbetjening_core.forms.views import SHOWN, FieldView
from selvbetjening_core.interfaces import ICompiledStep, IFieldKind
from selvbetjening_core.values import FormState, Rendered, Submitted


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field, its kind, and how to get hold of its view."""

    field: Field
    kind: IFieldKind
    maker: ViewMaker


@dataclass(slots=True)
class _Reading:
    """What has been read so far. Lives as long as one request."""

    facts: dict[str, object]
    values: dict[str, object] = field(default_factory=dict)
    typed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@implementer(ICompiledStep)
class CompiledStep:
    """One step in one language and theme. Holds nobody's data; share it freely."""

    def __init__(self, step: Step, locale: str, plans: tuple[FieldPlan, ...]) -> None:
        self.step = step
        self._locale = locale
        self._plans = plans

    def render(self, state: FormState) -> Rendered:
        """The fields that are shown, with values, and errors where there are any.

        Personal data: the answers.

        :raises ValueError: ``state.today`` is missing; what is shown may depend on it
        """
        if state.today is None:
            raise ValueError("a step is shown on a day: FormState.today is missing")
        html: list[str] = []
        links: list[tuple[str, str]] = []
        for plan, view in self._shown(state.values, state.facts, state.today):
            name = plan.field.name
            typed = state.typed.get(name)
            if typed is None:
                typed = view.typed_from(state.values.get(name))
            error = state.errors.get(name)
            html.append(view.html(typed, error))
            if error is not None:
                links.append((view.target(typed), error))
        return Rendered("\n".join(html), tuple(links))

    def read(self, submitted: Submitted) -> FormState:
        """Values, or a finished message for each field that has none.

        Never raises on bad input. A field that only now has come into view,
        because of another answer on the same page, gets a friendly message the
        first time. Names that belong to no field are ignored.
        """
        given: dict[str, str] = {}
        for name, value in submitted.pairs:
            given.setdefault(name, value)
        was_shown = {value for name, value in submitted.pairs if name == SHOWN}
        reading = _Reading(without_fields(submitted.facts, self.step.fields))
        for plan in self._plans:
            if plan.kind.declaration.takes_answer and holds(plan.field.visible, reading.facts):
                view = plan.maker.view(reading.facts, submitted.today)
                if _is_new(plan.field, view, given, was_shown):
                    message = error_message(plan.field, NOW_NEEDED, {}, self._locale)
                    reading.errors[plan.field.name] = message
                else:
                    self._read_field(plan, view, given, submitted, reading)
        return FormState(
            reading.values, reading.typed, reading.errors, submitted.facts, submitted.today
        )

    def recheck(self, state: FormState) -> FormState:
        """Of the values in ``state``, those that would be accepted today.

        For answers given under an earlier definition. Personal data: the answers.
        """
        kept: dict[str, object] = {}
        today = state.today or datetime.date.min
        for plan, view in self._shown(state.values, state.facts, today):
            name = plan.field.name
            if name in state.values:
                try:
                    value = view.value(view.typed_from(state.values[name]))
                except colander.Invalid:
                    continue
                if value is not None:
                    kept[name] = value
        return FormState(kept, facts=state.facts, today=state.today)

    def _read_field(
        self,
        plan: FieldPlan,
        view: FieldView,
        given: Given,
        submitted: Submitted,
        reading: _Reading,
    ) -> None:
        name = plan.field.name
        typed = view.typed(given, submitted.pairs)
        reading.typed[name] = typed
        try:
            value = view.value(typed)
        except colander.Invalid as invalid:
            reading.errors[name] = invalid_message(plan.field, invalid, self._locale)
            return
        if value is not None:
            reading.values[name] = value
            reading.facts.update(
                field_facts(plan.field, plan.kind, value, reading.facts, submitted.today)
            )

    def _shown(
        self, values: Mapping[str, object], facts: Mapping[str, object], today: datetime.date
    ) -> Iterator[tuple[FieldPlan, FieldView]]:
        known = without_fields(facts, self.step.fields)
        for plan in self._plans:
            if holds(plan.field.visible, known):
                yield plan, plan.maker.view(known, today)
                value = values.get(plan.field.name)
                known.update(field_facts(plan.field, plan.kind, value, known, today))


def _is_new(asked: Field, view: FieldView, given: Given, was_shown: set[str]) -> bool:
    if asked.visible is None or asked.name in was_shown:
        return False
    return not view.was_sent(given)
