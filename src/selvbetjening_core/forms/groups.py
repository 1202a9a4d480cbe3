"""The answers of a group's fields: asked once as one mapping, or in rows as a list of them.

What a group's conditions ask about is first the group itself, in the same row, and
then whatever is known where the group is used.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.model import Field, Text
from selvbetjening_core.forms.facts import (
    Facts,
    Kinds,
    field_facts,
    holds,
    lacks_answer,
    without_fields,
)

ONCE, ROWS = "once", "rows"

Answers = Mapping[str, object]
"""The answers of one row by the names of its fields; those of hidden fields among them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a row that is shown: its value, what it tells, what was known by then."""

    field: Field
    value: object
    tells: Facts
    known: Facts


def parts_shown(
    fields: tuple[Field, ...], row: Answers, kinds: Kinds, facts: Facts, today: datetime.date
) -> Iterator[Part]:
    """The fields of one row whose condition holds, in page order. Personal data."""
    known = without_fields(facts, frozenset(field.name for field in fields))
    for field in fields:
        if not holds(field.visible, known):
            continue
        tells = field_facts(field, kinds, row.get(field.name), known, today)
        derives = kinds[field.kind].declaration.derives
        value = tells.get(field.name) if derives else row.get(field.name)
        known.update(tells)
        yield Part(field, value, tells, known)


def is_whole(parts: tuple[Part, ...], kinds: Kinds) -> bool:
    """Does nothing lack an answer that counts?"""
    return not any(
        lacks_answer(one.field, kinds[one.field.kind], one.value, one.known) for one in parts
    )


def rows_of(field: Field, kinds: Kinds, value: object) -> tuple[Answers, ...]:
    """The rows of an answer to ``field``; a group that is asked once is one row."""
    if kinds[field.kind].declaration.group == ONCE:
        value = [value]
    found = value if isinstance(value, list) else []
    return tuple(row for row in found if isinstance(row, Mapping))


def counted(field: Field, kinds: Kinds, value: object, facts: Facts) -> object:
    """``value`` as it counts: of a group's answers without those of hidden fields.

    What its fields derive is added. Personal data: the answers.
    """
    form = kinds[field.kind].declaration.group
    if not form or value is None:
        return value
    rows = [
        {
            part.field.name: part.value
            for part in parts_shown(field.parts, row, kinds, facts, day_of(facts))
            if kinds[part.field.kind].declaration.has_value
        }
        for row in rows_of(field, kinds, value)
    ]
    return rows[0] if form == ONCE else rows


def row_name(field: Field, number: int, locale: str) -> str:
    """What the row ``number``, counted from 1, is called: ``Barn 2``."""
    each = field.settings.get("each")
    name = each.in_language(locale) if isinstance(each, Text) else ""
    return f"{name} {number}"


def day_of(facts: Facts) -> datetime.date:
    """Today, as the facts tell it."""
    today = facts.get(TODAY)
    return today if isinstance(today, datetime.date) else datetime.date.min
