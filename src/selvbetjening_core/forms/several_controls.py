"""Controls with an answer for each option or for each row.

Each has an input name of its own, ``FIELD.OPTION`` or ``FIELD.ROW``, as the
parts of a date have: what was typed is one text for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import colander

from selvbetjening_core.forms.control_parts import (
    CHECKED,
    INVALID,
    NOTHING,
    TYPED_LIMIT,
    Given,
    option_id,
)


@dataclass(frozen=True, slots=True)
class SeveralControl:
    """Check boxes, of which several may be ticked.

    :param options: value, label and hint of each
    """

    template: str
    inputs: tuple[str, ...]
    field_id: str
    options: tuple[tuple[str, str, str], ...]

    def typed(self, given: Given) -> tuple[str, ...]:
        """For each option what its box sent; empty where it is not ticked."""
        return _sent(given, self.inputs)

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """For each option its value if it is among the chosen."""
        chosen = cstruct if isinstance(cstruct, list) else []
        return tuple(value if value in chosen else "" for value, _, _ in self.options)

    def cstruct(self, typed: Sequence[str]) -> object:
        """What the ticked boxes sent, in the order of the options.

        A box that sent anything but its own value stands as an empty text, which
        is no option.
        """
        boxes = zip(typed, self.options, strict=True)
        return [text if text == own else "" for text, (own, _, _) in boxes if text] or colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """For each option `` checked`` or nothing."""
        return tuple(
            CHECKED if text == value else NOTHING
            for text, (value, _, _) in zip(typed, self.options, strict=True)
        )

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``options`` with id, name, value, label, hint, checked."""
        return {
            "options": [
                {
                    "id": option_id(self.field_id, number),
                    "name": name,
                    "value": value,
                    "label": label,
                    "hint": hint,
                    "checked": checked,
                }
                for number, (name, (value, label, hint), checked) in enumerate(
                    zip(self.inputs, self.options, slots, strict=True), start=1
                )
            ]
        }

    def target(self, typed: Sequence[str]) -> str:
        """The first option."""
        return self.field_id


@dataclass(frozen=True, slots=True)
class MatrixControl:
    """Radio buttons in rows, each row a choice between the same options.

    :param rows: value, label and hint of each row
    :param options: value, label and hint of each option
    """

    template: str
    inputs: tuple[str, ...]
    field_id: str
    rows: tuple[tuple[str, str, str], ...]
    options: tuple[tuple[str, str, str], ...]

    def typed(self, given: Given) -> tuple[str, ...]:
        """The value of the chosen button in each row."""
        return _sent(given, self.inputs)

    def typed_from(self, cstruct: object) -> tuple[str, ...]:
        """The chosen value in each row."""
        chosen = cstruct if isinstance(cstruct, dict) else {}
        return tuple(str(chosen.get(row, "")) for row, _, _ in self.rows)

    def cstruct(self, typed: Sequence[str]) -> object:
        """The chosen value of each row that has one."""
        chosen = {row: text for (row, _, _), text in zip(self.rows, typed, strict=True) if text}
        return chosen or colander.null

    def slots(self, typed: Sequence[str], *, wrong: bool) -> tuple[str, ...]:
        """For each row and option `` checked`` or nothing, then whether each row is wrong."""
        checked = (
            CHECKED if text == value else NOTHING for text in typed for value, _, _ in self.options
        )
        bad = set(self._bad_rows(typed)) if wrong else set()
        return (*checked, *(INVALID if row in bad else NOTHING for row in range(len(self.rows))))

    def context(self, slots: Sequence[str]) -> Mapping[str, object]:
        """``options`` and ``rows``.

        An option has id, label and hint; a row id, name, label, hint, invalid and
        ``cells``, which have id, value, label and checked.
        """
        return {
            "options": [
                {"id": f"{self.field_id}-option-{number}", "label": label, "hint": hint}
                for number, (_, label, hint) in enumerate(self.options, start=1)
            ],
            "rows": [
                {
                    "id": f"{self.field_id}-row-{number + 1}",
                    "name": self.inputs[number],
                    "label": label,
                    "hint": hint,
                    "invalid": slots[len(self.rows) * len(self.options) + number],
                    "cells": list(self._cells(number, slots)),
                }
                for number, (_, label, hint) in enumerate(self.rows)
            ],
        }

    def target(self, typed: Sequence[str]) -> str:
        """The first button of the first row that is wrong."""
        return self._button_id(next(self._bad_rows(typed), 0), 0)

    def _cells(self, row: int, slots: Sequence[str]) -> Iterator[Mapping[str, object]]:
        for column, (value, label, _) in enumerate(self.options):
            yield {
                "id": self._button_id(row, column),
                "value": value,
                "label": label,
                "checked": slots[row * len(self.options) + column],
            }

    def _button_id(self, row: int, column: int) -> str:
        return option_id(self.field_id, row * len(self.options) + column + 1)

    def _bad_rows(self, typed: Sequence[str]) -> Iterator[int]:
        values = {value for value, _, _ in self.options}
        return (row for row, text in enumerate(typed) if text not in values)


def _sent(given: Given, inputs: Sequence[str]) -> tuple[str, ...]:
    return tuple(given.get(name, "")[: TYPED_LIMIT + 1] for name in inputs)
