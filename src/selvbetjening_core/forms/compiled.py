"""A compiled step: shows and reads one page of questions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TypeVar

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.model import FILES, Field, Step
from selvbetjening_core.forms.composed import Composed
from selvbetjening_core.forms.control_parts import TYPED_LIMIT, Given
from selvbetjening_core.forms.facts import (
    is_withdrawn,
    withdrawn_options,
    without_fields,
)
from selvbetjening_core.forms.given_view import GivenView
from selvbetjening_core.forms.messages import (
    NO_LONGER_OFFERED,
    NOW_NEEDED,
    error_message,
    invalid_message,
)
from selvbetjening_core.forms.questions import (
    FieldPlan,
    Question,
    needs_facts,
    questions_of,
    runs_of,
    still_page,
)
from selvbetjening_core.forms.quick import QuickReader
from selvbetjening_core.forms.segments import escaped_each
from selvbetjening_core.forms.sent_rows import SHOWN, by_field
from selvbetjening_core.forms.views import FieldView
from selvbetjening_core.interfaces import ICompiledStep
from selvbetjening_core.values import FormState, Rendered, Submitted

T = TypeVar("T")


@dataclass(slots=True)
class _Reading:
    """What has been read so far. Lives as long as one request.

    :param given: the first value of each input
    :param was_shown: the conditional fields that the page showed
    :param sent: by field, all that was sent under its name; of a step where options come and go
    """

    facts: dict[str, object]
    given: Given
    was_shown: frozenset[str] | set[str]
    sent: Mapping[str, AbstractSet[str]]
    values: dict[str, object] = field(default_factory=dict)
    typed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    set_aside: dict[str, object] = field(default_factory=dict)


@implementer(ICompiledStep)
class CompiledStep:
    """One step in one language and theme. Holds nobody's data; share it freely."""

    def __init__(self, step: Step, locale: str, plans: tuple[FieldPlan, ...]) -> None:
        self.step = step
        self._locale = locale
        self._plans = plans
        self._prefix = plans[0].prefix if plans else ""
        self._names = frozenset(field.name for field in step.fields)
        self._needs_facts = any(needs_facts(plan) for plan in plans)
        self._questions = questions_of(plans)
        self._still = still_page(self._questions, needs_facts=self._needs_facts)
        self._runs = runs_of(self._questions)
        self._has_conditional_fields = any(plan.field.visible is not None for plan in plans)
        self._has_conditional_options = any(
            question.prepared.has_conditional_options for question in self._questions
        )

    def render(self, state: FormState) -> Rendered:
        """The fields that are shown, with values, and errors where there are any.

        Personal data: the answers.

        :raises ValueError: ``state.today`` is missing; what is shown may depend on it
        """
        if state.today is None:
            raise ValueError("a step is shown on a day: FormState.today is missing")
        if self._still is not None and not (state.typed or state.errors or state.set_aside):
            return Rendered(self._still.html(state.values), ())
        html: list[str] = []
        links: list[tuple[str, str]] = []
        texts: list[str] = []
        places: list[int] = []
        values, typed, errors = state.values, state.typed, state.errors
        for question, known in self._shown(state, state.today):
            name = question.prepared.name
            value = values[name] if name in values else state.set_aside.get(name)
            slot = question.slot
            if question.html is None or name in typed or name in errors:
                html.append(self._drawn(question, known, state, value, links))
            elif slot is None:
                html.append(question.html(value, known))
            else:
                places.append(len(html) + 1)
                texts.append(slot.text_of(value))
                html += (slot.begun, "", slot.ended)
            html.append("\n")
        for place, text in zip(places, escaped_each(texts), strict=True):
            html[place] = text
        return Rendered("".join(html[:-1]), tuple(links))

    def _drawn(
        self,
        question: Question,
        known: Mapping[str, object],
        state: FormState,
        value: object,
        links: list[tuple[str, str]],
    ) -> str:
        """A field that is not ready: it depends on who asks, or was typed or is wrong."""
        plan, name = question.plan, question.prepared.name
        view = plan.maker.view(known, state.today or datetime.date.min)
        if isinstance(view, Composed):
            shown = view.render(state)
            links.extend(shown.error_links)
            return shown.html + plan.help_html
        typed = state.typed.get(name)
        if typed is None:
            typed = view.typed_from(value)
        error = state.errors.get(name) or self._withdrawn(question, known, state)
        if error is not None:
            links.append((view.target(typed), error))
        return view.html(typed, error) + plan.help_html

    def _withdrawn(
        self, question: Question, known: Mapping[str, object], state: FormState
    ) -> str | None:
        """What is told where the answer is an option that is no longer offered."""
        asked = question.plan.field
        if not question.prepared.has_conditional_options:
            return None
        if not is_withdrawn(asked, state.values.get(asked.name), known):
            return None
        return error_message(asked, NO_LONGER_OFFERED, {}, self._locale)

    def read(self, submitted: Submitted) -> FormState:
        """Values, or a finished message for each field that has none.

        Never raises on bad input. A field that only now has come into view,
        because of another answer on the same page, gets a friendly message the
        first time. Names that belong to no field are ignored.

        The answer to a field that is hidden is set aside: what was typed on this
        page if it can be read, else what was kept before.
        """
        reading = self._begun(submitted)
        for is_quick, questions in self._runs:
            read = self._read_quickly if is_quick else self._read_others
            read(questions, submitted, reading)
        return FormState(
            reading.values,
            reading.typed,
            reading.errors,
            submitted.facts,
            submitted.today,
            reading.set_aside,
        )

    def press(self, submitted: Submitted, button: str) -> FormState:
        """What the page holds after one of its own buttons was pressed.

        Everything typed is kept and nothing is found wrong. A button that no field
        knows changes nothing beside that. Personal data: the answers.
        """
        name, _, rest = button.partition(":")
        verb, _, argument = rest.partition(":")
        state = replace(self.read(submitted), errors={})
        for question, known in self._shown(state, submitted.today):
            if question.prepared.name == name:
                view = question.plan.maker.view(known, submitted.today)
                if isinstance(view, Composed):
                    return _with_parts(state, name, view.press(state, verb, argument))
        return state

    def recheck(self, state: FormState) -> FormState:
        """Of the values in ``state``, those that would be accepted today.

        For answers given under an earlier definition. Personal data: the answers.
        """
        kept: dict[str, object] = {}
        today = state.today or datetime.date.min
        for question, known in self._shown(state, today):
            plan, name = question.plan, question.prepared.name
            if name not in state.values or is_withdrawn(plan.field, state.values[name], known):
                continue
            value = _rechecked(plan.maker.view(known, today), state.values[name])
            if value is not None:
                kept[name] = value
        return FormState(kept, facts=state.facts, today=state.today)

    def _begun(self, submitted: Submitted) -> _Reading:
        pairs = submitted.pairs
        return _Reading(
            self._known(submitted.facts, submitted.today),
            # Of two values the first counts.
            given=dict(reversed(pairs)),
            was_shown={value for name, value in pairs if name == SHOWN}
            if self._has_conditional_fields
            else frozenset(),
            sent=by_field(pairs, self._prefix) if self._has_conditional_options else {},
        )

    def _read_quickly(
        self, questions: Iterable[Question], submitted: Submitted, reading: _Reading
    ) -> None:
        """Those that are always asked in the same way, and have one input each."""
        given, typed, values = reading.given, reading.typed, reading.values
        for question in questions:
            quick: QuickReader = question.quick  # type: ignore[assignment]  # they have one
            name = quick.field
            text = given.get(quick.input, "")[: TYPED_LIMIT + 1]
            typed[name] = (text,)
            try:
                value = quick.value(text)
            except colander.Invalid as invalid:
                message = invalid_message(question.plan.field, invalid, self._locale)
                reading.errors[name] = message
                continue
            if value is not None:
                values[name] = value
                if question.is_asked_about:
                    _learn(question, value, submitted, reading)

    def _read_others(
        self, questions: Iterable[Question], submitted: Submitted, reading: _Reading
    ) -> None:
        for question in questions:
            field = question.prepared
            if not (field.takes_answer or field.derives):
                continue
            if not field.is_shown(reading.facts):
                if field.takes_answer:
                    self._set_aside(question, submitted, reading)
            elif field.derives:
                _learn(question, None, submitted, reading)
            else:
                self._read_shown(question, submitted, reading)

    def _read_shown(self, question: Question, submitted: Submitted, reading: _Reading) -> None:
        plan, name = question.plan, question.prepared.name
        view = question.reader or plan.maker.view(reading.facts, submitted.today)
        if plan.field.visible is not None and _is_new(plan.sent_as, view, reading):
            reading.errors[name] = error_message(plan.field, NOW_NEEDED, {}, self._locale)
            _keep(name, submitted, reading)
        elif isinstance(view, Composed):
            _read_composed(view, submitted, reading)
        elif isinstance(view, GivenView):
            reading.values[name] = view.given
            _learn(question, view.given, submitted, reading)
        else:
            self._read_field(question, view, submitted, reading)

    def _read_field(
        self, question: Question, view: FieldView, submitted: Submitted, reading: _Reading
    ) -> None:
        name = question.prepared.name
        typed = _typed(question.plan.field, view, submitted, reading)
        reading.typed[name] = typed
        if _chose_withdrawn(question, reading):
            message = error_message(question.plan.field, NO_LONGER_OFFERED, {}, self._locale)
            reading.errors[name] = message
            return
        try:
            value = view.value(typed)
        except colander.Invalid as invalid:
            reading.errors[name] = invalid_message(question.plan.field, invalid, self._locale)
            return
        if value is not None:
            reading.values[name] = value
            _learn(question, value, submitted, reading)

    def _set_aside(self, question: Question, submitted: Submitted, reading: _Reading) -> None:
        """Keep the answer to a hidden field, without a word about what is wrong with it."""
        name = question.prepared.name
        view = question.plan.maker.view(reading.facts, submitted.today)
        if _is_new(question.plan.sent_as, view, reading):
            _keep(name, submitted, reading)
        elif isinstance(view, Composed):
            reading.set_aside.update(view.read(submitted).values)
        elif not _chose_withdrawn(question, reading):
            try:
                value = view.value(_typed(question.plan.field, view, submitted, reading))
            except colander.Invalid:
                return
            if value is not None:
                reading.set_aside[name] = value

    def _shown(
        self, state: FormState, today: datetime.date
    ) -> Iterator[tuple[Question, Mapping[str, object]]]:
        """Each field that is shown, and what is known when it is shown."""
        known = self._known(state.facts, today)
        for question in self._questions:
            field = question.prepared
            if field.is_shown(known):
                yield question, known
                if question.is_asked_about:
                    known.update(_told(question, state, known, today))

    def _known(self, facts: Mapping[str, object], today: datetime.date) -> dict[str, object]:
        """What is known before the first field, as far as any of them has to know."""
        if not self._needs_facts:
            return {}
        return {**without_fields(facts, self._names), TODAY: today}


def _told(
    question: Question, state: FormState, known: Mapping[str, object], today: datetime.date
) -> Mapping[str, object]:
    """What the answer in ``state`` tells the fields after it."""
    view = question.plan.maker.view(known, today) if question.is_composed else None
    if isinstance(view, Composed):
        return view.known(state)
    return question.prepared.facts(state.values.get(question.prepared.name), known, today)


def _rechecked(view: FieldView | Composed, kept: object) -> object:
    """The kept answer, if it would be accepted today; else None."""
    if isinstance(view, Composed):
        return view.recheck(kept)
    try:
        return view.value(view.typed_from(kept))
    except colander.Invalid:
        return None


def _read_composed(view: Composed, submitted: Submitted, reading: _Reading) -> None:
    """The values of a field that uses a group; of its parts while it is no answer yet."""
    state = view.read(submitted)
    reading.values.update(state.values)
    reading.typed.update(state.typed)
    reading.errors.update(state.errors)
    reading.set_aside.update(state.set_aside)
    reading.facts.update(view.known(state))


def _with_parts(state: FormState, name: str, parts: FormState) -> FormState:
    """``state`` with the field ``name`` as in ``parts``."""
    return replace(
        state,
        values={**_without(state.values, name), **parts.values},
        typed={**_without(state.typed, name), **parts.typed},
        set_aside={**_without(state.set_aside, name), **parts.set_aside},
        focus=parts.focus,
    )


def _without(found: Mapping[str, T], name: str) -> dict[str, T]:
    """``found`` without the field ``name`` and its parts."""
    return {key: one for key, one in found.items() if key.partition(".")[0] != name}


def _typed(
    asked: Field, view: FieldView, submitted: Submitted, reading: _Reading
) -> tuple[str, ...]:
    """What was sent for a field; files were taken in before, and are among the answers."""
    if asked.kind == FILES:
        return view.typed_from(submitted.answers.get(asked.name))
    return view.typed(reading.given, submitted.pairs)


def _learn(question: Question, value: object, submitted: Submitted, reading: _Reading) -> None:
    """Note what the answer tells, if anything after it on the page asks."""
    if question.is_asked_about:
        told = question.prepared.facts(value, reading.facts, submitted.today)
        reading.facts.update(told)


def _chose_withdrawn(question: Question, reading: _Reading) -> bool:
    """Was an option sent that is not offered, by an older page or a forged form?"""
    if not question.prepared.has_conditional_options:
        return False
    withdrawn = withdrawn_options(question.plan.field, reading.facts)
    return not withdrawn.isdisjoint(reading.sent.get(question.prepared.name, ()))


def _keep(name: str, submitted: Submitted, reading: _Reading) -> None:
    """Set aside the answer given before, if there is one."""
    value = submitted.answers.get(name)
    if value is not None:
        reading.set_aside[name] = value


def _is_new(sent_as: str, view: FieldView | Composed, reading: _Reading) -> bool:
    """Was the conditional field not on the page that was sent, nor anything sent for it?"""
    return sent_as not in reading.was_shown and not view.was_sent(reading.given)
