"""The view of a field that uses a group: the group's fields once, or in each of several rows.

A row is a step in itself, compiled with longer names: ``FIELD.PART`` where the group is
asked once, ``FIELD.NUMBER.PART`` in a row. So conditions, hidden answers and foreign
widgets are in a row what they are on a page.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from markupsafe import Markup

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.forms.control_parts import NOTHING, Given, field_id
from selvbetjening_core.forms.facts import Facts, Kinds, asked_now
from selvbetjening_core.forms.groups import ONCE, is_whole, parts_shown, row_name, rows_of
from selvbetjening_core.forms.kinds.common import number_setting
from selvbetjening_core.forms.messages import error_message
from selvbetjening_core.forms.sent_rows import RowNames, Sent
from selvbetjening_core.values import FormState, Rendered, Submitted

ADD, REMOVE = "add", "remove"
_FOCUS = Markup(" autofocus")


class Frame(Protocol):
    """A template with its values put in, as finished HTML."""

    def __call__(self, *slots: str) -> str:
        """The HTML; what is no Markup is escaped."""


class RowStep(Protocol):
    """A row as a step: see ICompiledStep."""

    def render(self, state: FormState) -> Rendered:
        """The row's fields."""

    def read(self, submitted: Submitted) -> FormState:
        """The row's answers."""

    def recheck(self, state: FormState) -> FormState:
        """Of the row's answers those that would be accepted today."""


@dataclass(frozen=True, slots=True)
class CompiledRow:
    """The row of one number.

    :param frame: takes the number it was kept under, its fields and the focus;
        by whether the row can be removed
    """

    step: RowStep
    frame: Mapping[bool, Frame]


@dataclass(frozen=True, slots=True)
class Composition:
    """A field that uses a group, compiled. Holds nobody's data.

    :param row: the row of a number, counted from 1
    :param frame: takes the rows, the focus and, where there is one, the error; by
        whether a row can be added and whether there is an error
    """

    field: Field
    kinds: Kinds
    locale: str
    row: Callable[[int], CompiledRow]
    frame: Mapping[tuple[bool, bool], Frame]

    def view(self, facts: Facts, today: datetime.date) -> Composed:
        """The view for one citizen."""
        return Composed(self, asked_now(self.field, facts), facts, today)


@dataclass(slots=True)
class _Row:
    """A row as it is on the page.

    :param origin: the number, counted from 1, under which it was kept; empty if new
    """

    origin: str = ""
    state: FormState = field(default_factory=FormState)


@dataclass(frozen=True, slots=True)
class Composed:
    """A field that uses a group, for one citizen on one day. Personal data: the answers.

    The parts stand in a :class:`FormState` under their whole names, and in ``typed``
    the field itself has for each row the number under which it was kept.
    """

    composition: Composition
    field: Field
    facts: Facts
    today: datetime.date

    @property
    def _name(self) -> str:
        return self.field.name

    @property
    def _names(self) -> RowNames:
        return RowNames(self._name, 0 if self._is_once else self._most)

    @property
    def _is_once(self) -> bool:
        return self.composition.kinds[self.field.kind].declaration.group == ONCE

    @property
    def _most(self) -> int:
        return number_setting(self.field, "at_most") or 1

    @property
    def _least(self) -> int:
        """How many rows there must be in any case."""
        if self._is_once:
            return 1
        return (number_setting(self.field, "at_least") or 1) if self.field.required else 0

    def was_sent(self, given: Given) -> bool:
        """Whether the browser sent any row."""
        return any(self._names.number_of(name) for name in given)

    def read(self, submitted: Submitted) -> FormState:
        """The whole as one value, or a finished message for whatever is wrong in it.

        :param submitted: of its facts none is used; those of the view are
        """
        sent = self._names.sent(submitted.pairs)
        kept = self._stored(submitted.answers.get(self._name))
        rows = [
            _Row(origin, self._read_row(number, pairs, _kept_under(origin, kept)))
            for number, (origin, pairs) in sorted(sent.rows.items())
        ]
        if self._is_once and not self.field.required and _is_blank(rows):
            return FormState(typed=self._flat(rows).typed)
        found = self._flat(rows)
        errors = {**self._errors(sent, len(rows)), **found.errors}
        if errors:
            return replace(found, errors=errors)
        whole = [{**row.state.set_aside, **row.state.values} for row in rows]
        value = whole[0] if self._is_once else whole
        values = {self._name: value} if rows else {}
        return FormState(values, found.typed)

    def render(self, state: FormState) -> Rendered:
        """The rows with their values, and errors where there are any."""
        rows = self._rows(state)
        html: list[str] = []
        links: list[tuple[str, str]] = []
        error = state.errors.get(self._name)
        if error is not None:
            links.append((field_id(self._name), error))
        for number, row in enumerate(rows, start=1):
            compiled = self.composition.row(number)
            shown = compiled.step.render(replace(row.state, facts=self.facts, today=self.today))
            focus = _FOCUS if state.focus == f"{self._name}.{number}" else NOTHING
            frame = compiled.frame[len(rows) > self._least]
            html.append(frame(row.origin, Markup(shown.html), focus))  # noqa: S704 - finished
            links.extend(shown.error_links)
        focus = _FOCUS if state.focus == self._name else NOTHING
        slots = [Markup("\n".join(html)), focus]  # noqa: S704 - finished
        if error is not None:
            slots.append(Markup.escape(error))
        frame = self.composition.frame[len(rows) < self._most, error is not None]
        return Rendered(frame(*slots), tuple(links))

    def press(self, state: FormState, verb: str, argument: str) -> FormState:
        """The rows after a button was pressed: nothing is wrong, everything is kept."""
        rows, focus = self._rows(state), ""
        if verb == ADD and len(rows) < self._most:
            rows.append(_Row())
            focus = f"{self._name}.{len(rows)}"
        elif verb == REMOVE and len(rows) > self._least and argument in _numbers(rows):
            del rows[int(argument) - 1]
            focus = f"{self._name}.{min(int(argument), len(rows))}" if rows else self._name
        return replace(self._flat(rows), errors={}, focus=focus)

    def recheck(self, value: object) -> object:
        """``value`` without the answers that would not be accepted today; None for none."""
        rows = [
            dict(
                self.composition.row(number)
                .step.recheck(FormState(row, facts=self.facts, today=self.today))
                .values
            )
            for number, row in enumerate(self._stored(value)[: self._most], start=1)
        ]
        if not rows:
            return None
        return rows[0] if self._is_once else rows

    def known(self, state: FormState) -> dict[str, object]:
        """What it tells: also while it is no answer yet, for what is asked below it."""
        kinds, value = self.composition.kinds, state.values.get(self._name)
        if self._name not in state.typed and value is None:
            return {}
        rows = self._rows(state)
        parts = [
            tuple(parts_shown(self.field.parts, row.state.values, kinds, self.facts, self.today))
            for row in rows
        ]
        told: dict[str, object] = {"count": len(rows)}
        if self._is_once:
            told = {name: fact for part in parts[0] for name, fact in part.tells.items()}
        found = {f"{self._name}.{name}": fact for name, fact in told.items()}
        if value is not None and all(is_whole(one, kinds) for one in parts):
            found[self._name] = value
        return found

    def _read_row(
        self, number: int, pairs: Sequence[tuple[str, str]], kept: Mapping[str, object]
    ) -> FormState:
        submitted = Submitted(tuple(pairs), self.today, self.facts, kept)
        return self.composition.row(number).step.read(submitted)

    def _errors(self, sent: Sent, count: int) -> dict[str, str]:
        least, code = self._least or number_setting(self.field, "at_least") or 0, ""
        if sent.has_more:
            code = "too_many"
        elif not self._is_once and count < least and (count or self.field.required):
            code = "too_few" if count else "required"
        if not code:
            return {}
        values = {"min": least, "max": self._most}
        return {self._name: error_message(self.field, code, values, self.composition.locale)}

    def _rows(self, state: FormState) -> list[_Row]:
        """The rows as they are to be shown: as typed, else as kept, else new."""
        origins = state.typed.get(self._name)
        stored = self._stored(state.values.get(self._name, state.set_aside.get(self._name)))
        if origins is None:
            origins = tuple(map(str, range(1, len(stored) + 1))) or ("",) * self._least
        return [
            _Row(origin, self._row_state(state, number, stored))
            for number, origin in enumerate(origins, start=1)
        ]

    def _row_state(
        self, state: FormState, number: int, stored: Sequence[Mapping[str, object]]
    ) -> FormState:
        prefix = self._names.prefix(number)
        values, typed, errors, set_aside = (
            {
                part.name: found[prefix + part.name]
                for part in self.field.parts
                if prefix + part.name in found
            }
            for found in (state.values, state.typed, state.errors, state.set_aside)
        )
        if number <= len(stored):
            values = dict(stored[number - 1])
        return FormState(values, typed, errors, set_aside=set_aside)  # type: ignore[arg-type]

    def _stored(self, value: object) -> tuple[Mapping[str, object], ...]:
        return rows_of(self.field, self.composition.kinds, value)

    def _flat(self, rows: Iterable[_Row]) -> FormState:
        """The rows under their whole names, numbered anew."""
        values: dict[str, object] = {}
        typed: dict[str, tuple[str, ...]] = {self._name: tuple(row.origin for row in rows)}
        errors: dict[str, str] = {}
        set_aside: dict[str, object] = {}
        for number, row in enumerate(rows, start=1):
            prefix, called = self._names.prefix(number), self._called(number)
            values |= {prefix + name: value for name, value in row.state.values.items()}
            typed |= {prefix + name: texts for name, texts in row.state.typed.items()}
            set_aside |= {prefix + name: one for name, one in row.state.set_aside.items()}
            errors |= {prefix + n: f"{called}: {told}" for n, told in row.state.errors.items()}
        return FormState(values, typed, errors, set_aside=set_aside)

    def _called(self, number: int) -> str:
        locale = self.composition.locale
        if self._is_once:
            return self.field.label.in_language(locale)
        return row_name(self.field, number, locale)


def _kept_under(origin: str, kept: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    """The answers that a row had before: they are its own, wherever it stands now."""
    return kept[int(origin) - 1] if origin in _numbers(kept) else {}


def _numbers(rows: Sequence[object]) -> set[str]:
    return {str(number) for number in range(1, len(rows) + 1)}


def _is_blank(rows: Sequence[_Row]) -> bool:
    typed = (texts for row in rows for texts in row.state.typed.values())
    return not any(text.strip() for texts in typed for text in texts)
