"""Controls: how a widget's inputs are filled, read, and turned into a cstruct.

A control knows the widget it was made from and nobody's answers. Its *slots*
are the values that differ from citizen to citizen, as raw text: the template
prints each of them once and does nothing else with it. What a slot holds as
``Markup`` is a finished attribute (`` checked``), not a value.

What was typed is a tuple of texts, one for each input in page order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import colander
from deform import widget as widgets

from selvbetjening_core.forms.account_control import PARTS, AccountControl
from selvbetjening_core.forms.control_parts import (
    CHECKED,
    INVALID,
    NOTHING,
    TYPED_LIMIT,
    Given,
    field_id,
    option_id,
)
from selvbetjening_core.forms.files_control import FilesControl
from selvbetjening_core.forms.lookup_control import KEY, LookupControl
from selvbetjening_core.forms.people_control import PeopleControl
from selvbetjening_core.forms.several_controls import MatrixControl, SeveralControl
from selvbetjening_core.texts import texts_for


class Control(Protocol):
    """The inputs of one field."""

    @property
    def template(self) -> str:
        """The theme's field template."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs."""

    def typed(self, given: Given) -> tuple[str, ...]:
        """What the browser sent for this field."""

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """What would have to be typed to give ``cstruct``."""

    def cstruct(self, typed: Sequence[str]) -> object:
        """What was typed, for colander; null when nothing was."""

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """The values that the template prints, in the order of the slots."""

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """The template's own variables, ``slots`` in place."""

    def target(self, typed: Sequence[str]) -> str:
        """The id of the input that an error is about."""


@dataclass(frozen=True, slots=True)
class TextControl:
    """One input or text area."""

    template: str
    inputs: tuple[str, ...]
    field_id: str
    inputmode: str
    autocomplete: str
    width: str
    rows: int
    unit: str
    limit: str

    def typed(self, given: Given) -> tuple[str, ...]:
        """The text as sent."""
        return (given.get(self.inputs[0], "")[: TYPED_LIMIT + 1],)

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """The text."""
        return (cstruct if isinstance(cstruct, str) else "",)

    def cstruct(self, typed: Sequence[str]) -> object:
        """The text without white space around it."""
        return typed[0].strip() or colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """The text."""
        return (typed[0],)

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``value``, the input's attributes, and what is told beside it."""
        return {
            "value": slots[0],
            "inputmode": self.inputmode,
            "autocomplete": self.autocomplete,
            "width": self.width,
            "rows": self.rows,
            "unit": self.unit,
            "limit": self.limit,
        }

    def target(self, typed: Sequence[str]) -> str:
        """The input."""
        return self.field_id


@dataclass(frozen=True, slots=True)
class ChoiceControl:
    """Radio buttons, or one check box."""

    template: str
    inputs: tuple[str, ...]
    field_id: str
    options: tuple[tuple[str, str, str], ...]
    empty: str

    def typed(self, given: Given) -> tuple[str, ...]:
        """The value of the chosen button."""
        return (given.get(self.inputs[0], "")[: TYPED_LIMIT + 1],)

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """The chosen value."""
        return (cstruct if isinstance(cstruct, str) else "",)

    def cstruct(self, typed: Sequence[str]) -> object:
        """The chosen value."""
        return typed[0] or colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """For each option `` checked`` or nothing."""
        return tuple(CHECKED if value == typed[0] else NOTHING for value, _, _ in self.options)

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``options`` with id, value, label, hint, checked; ``empty`` if there are none."""
        return {
            "empty": self.empty,
            "options": [
                {
                    "id": option_id(self.field_id, number),
                    "value": value,
                    "label": label,
                    "hint": hint,
                    "checked": checked,
                }
                for number, ((value, label, hint), checked) in enumerate(
                    zip(self.options, slots, strict=True), start=1
                )
            ],
        }

    def target(self, typed: Sequence[str]) -> str:
        """The first option."""
        return self.field_id


@dataclass(frozen=True, slots=True)
class DateControl:
    """Three inputs: day, month, year."""

    template: str
    inputs: tuple[str, ...]
    field_id: str
    labels: tuple[str, ...]

    def typed(self, given: Given) -> tuple[str, ...]:
        """Day, month and year as sent."""
        return tuple(given.get(name, "")[:20] for name in self.inputs)

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """Day, month and year of an ISO date."""
        parts = cstruct.split("-") if isinstance(cstruct, str) else []
        return tuple(part.lstrip("0") for part in reversed(parts)) if len(parts) == 3 else ("",) * 3

    def cstruct(self, typed: Sequence[str]) -> object:
        """Year, month and day with hyphens between them."""
        parts = [part.strip() for part in typed]
        return "-".join(reversed(parts)) if any(parts) else colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """The three values, then for each whether it is wrong."""
        bad = bad_parts(typed) if wrong else frozenset()
        return (*typed, *(INVALID if part in bad else NOTHING for part in range(3)))

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``parts_of_date`` with id, name, label, length, value, invalid."""
        return {
            "parts_of_date": [
                {
                    "id": _part_id(self.field_id, part),
                    "name": self.inputs[part],
                    "label": self.labels[part],
                    "length": (2, 2, 4)[part],
                    "value": slots[part],
                    "invalid": slots[part + 3],
                }
                for part in range(3)
            ]
        }

    def target(self, typed: Sequence[str]) -> str:
        """The first input that is wrong."""
        return _part_id(self.field_id, min(bad_parts(typed)))


@dataclass(frozen=True, slots=True)
class ShownControl:
    """A text without any input. It is never read."""

    template: str
    inputs: tuple[str, ...]
    lines: tuple[str, ...]
    source_text: str

    def typed(self, given: Given) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def cstruct(self, typed: Sequence[str]) -> object:
        """Nothing."""
        return colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """None."""
        return ()

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``lines`` and ``source_text``."""
        return {"lines": self.lines, "source_text": self.source_text}

    def target(self, typed: Sequence[str]) -> str:
        """Nowhere."""
        return ""


def control_for(node: colander.SchemaNode, locale: str) -> Control | None:
    """The control of a node's widget, or None if the widget must draw itself.

    A widget is known by its exact class and by naming one of the theme's field
    templates: a subclass may do anything in ``serialize``.
    """
    widget = node.widget
    maker = _CONTROLS.get((type(widget), getattr(widget, "template", "")))
    return maker(node, widget, locale) if maker else None


def bad_parts(typed: Sequence[str]) -> frozenset[int]:
    """Which of day, month, year cannot be right; all when none stands out."""
    limits = ((1, 31), (1, 12), (1000, 9999))
    bad = {
        number
        for number, (text, (least, most)) in enumerate(zip(typed, limits, strict=True))
        if not _is_number_within(text.strip(), least, most)
    }
    return frozenset(bad or range(3))


def _is_number_within(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4 and least <= int(text) <= most


def _part_id(field: str, part: int) -> str:
    return f"{field}-{('day', 'month', 'year')[part]}"


def _text(node: Any, widget: Any, locale: str) -> Control:
    limit = getattr(widget, "limit", None)
    return TextControl(
        template=widget.template,
        inputs=(node.name,),
        field_id=field_id(node.name),
        inputmode=getattr(widget, "inputmode", "text"),
        autocomplete=getattr(widget, "autocomplete", ""),
        width=getattr(widget, "width", "full"),
        rows=getattr(widget, "rows", None) or 6,
        unit=getattr(widget, "unit", ""),
        limit=texts_for(locale).t("field.limit", limit=limit) if limit else "",
    )


def _choice(node: Any, widget: Any, _locale: str) -> Control:
    hints = getattr(widget, "hints", {})
    options = tuple((value, label, hints.get(value, "")) for value, label in widget.values)
    empty = getattr(widget, "empty", "")
    return ChoiceControl(widget.template, (node.name,), field_id(node.name), options, empty)


def _people(node: Any, widget: Any, locale: str) -> Control:
    several = isinstance(widget, widgets.CheckboxChoiceWidget)
    inner = (_several if several else _one_person)(node, widget, locale)
    return PeopleControl(widget.template, inner, several, widget.left_out, widget.missing)


def _one_person(node: Any, widget: Any, _locale: str) -> Control:
    name = node.name
    return ChoiceControl(widget.template, (name,), field_id(name), widget.values, "")


def _several(node: Any, widget: Any, _locale: str) -> Control:
    return SeveralControl(
        template=widget.template,
        inputs=tuple(f"{node.name}.{value}" for value, _, _ in widget.values),
        field_id=field_id(node.name),
        options=widget.values,
    )


def _matrix(node: Any, widget: Any, _locale: str) -> Control:
    return MatrixControl(
        template=widget.template,
        inputs=tuple(f"{node.name}.{row}" for row, _, _ in widget.rows_of_matrix),
        field_id=field_id(node.name),
        rows=widget.rows_of_matrix,
        options=widget.values,
    )


def _checkbox(node: Any, widget: Any, _locale: str) -> Control:
    options = ((widget.true_val, node.title, ""),)
    return ChoiceControl(widget.template, (node.name,), field_id(node.name), options, "")


def _date(node: Any, widget: Any, locale: str) -> Control:
    t = texts_for(locale).t
    parts = ("day", "month", "year")
    return DateControl(
        template=widget.template,
        inputs=tuple(f"{node.name}.{part}" for part in parts),
        field_id=field_id(node.name),
        labels=tuple(t(f"field.{part}") for part in parts),
    )


def _account(node: Any, widget: Any, locale: str) -> Control:
    t = texts_for(locale).t
    return AccountControl(
        template=widget.template,
        inputs=tuple(f"{node.name}.{part}" for part in PARTS),
        field_id=field_id(node.name),
        labels=tuple(t(f"field.account.{part}") for part in PARTS),
    )


def _files(node: Any, widget: Any, locale: str) -> Control:
    return FilesControl(
        template=widget.template,
        inputs=(node.name,),
        field_id=field_id(node.name),
        accepted=widget.accepted,
        limits=widget.limits,
        most=widget.most,
        locale=locale,
        blank=getattr(widget, "blank", ("", "")),
    )


def _lookup(node: Any, widget: Any, _locale: str) -> Control:
    return LookupControl(
        template=widget.template,
        inputs=(node.name, f"{node.name}.{KEY}"),
        field_id=field_id(node.name),
        autocomplete=widget.autocomplete,
        matches=widget.matches,
        ask=widget.ask,
        own=widget.own,
        told=widget.told,
    )


def _shown(_node: Any, widget: Any, _locale: str) -> Control:
    lines = tuple(getattr(widget, "lines", ()))
    return ShownControl(widget.template, (), lines, getattr(widget, "source_text", ""))


_CONTROLS = {
    (widgets.TextInputWidget, "fields/text"): _text,
    (widgets.TextInputWidget, "fields/number"): _text,
    (widgets.TextAreaWidget, "fields/textarea"): _text,
    (widgets.RadioChoiceWidget, "fields/choice"): _choice,
    (widgets.CheckboxChoiceWidget, "fields/choices"): _several,
    (widgets.RadioChoiceWidget, "fields/matrix"): _matrix,
    (widgets.RadioChoiceWidget, "fields/people"): _people,
    (widgets.CheckboxChoiceWidget, "fields/people"): _people,
    (widgets.CheckboxWidget, "fields/checkbox"): _checkbox,
    (widgets.DatePartsWidget, "fields/date"): _date,
    (widgets.TextInputWidget, "fields/account"): _account,
    (widgets.FileUploadWidget, "fields/files"): _files,
    (widgets.TextInputWidget, "fields/lookup"): _lookup,
    (widgets.TextInputWidget, "fields/fact"): _shown,
    (widgets.TextInputWidget, "fields/message"): _shown,
    (widgets.TextInputWidget, "fields/section"): _shown,
    (widgets.TextInputWidget, "fields/unseen"): _shown,
}
