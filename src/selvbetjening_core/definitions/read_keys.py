"""Reading the keys that a kind of field declares."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from selvbetjening_core.definitions.decision_tables import DecisionTable
from selvbetjening_core.definitions.facts import KnownFacts
from selvbetjening_core.definitions.model import Field
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.values import KeyDeclaration, KindDeclaration

LARGEST_TERM = 10**12
"""A whole number among the terms of a calculation is at most this far from 0."""
MOST_TERMS = 50

_VALUE_TYPES = {str: "text", int: "number", bool: "yes_no"}


def read_value(table: Table, key: KeyDeclaration) -> object:
    """A text, a whole number, or true or false; None where it is missing or none of them."""
    value = table.raw(key.name)
    if type(value) is str:
        return table.text(key.name, required=key.required)
    if type(value) is int:
        return table.number(
            key.name, required=key.required, minimum=-LARGEST_TERM, maximum=LARGEST_TERM
        )
    if type(value) is bool or value is None:
        return value
    table.error(
        "wrong-type",
        f'"{key.name}" is neither a text, nor a whole number, nor true or false',
        'write a text in quotes ("…"), a whole number, true or false',
        key.name,
    )
    return None


def read_terms(table: Table, key: KeyDeclaration) -> tuple[str | int, ...]:
    """Names of facts and whole numbers, in the order written."""
    written = table.raw(key.name)
    if not isinstance(written, list):
        # Tells what is missing or of another type.
        return table.text_list(key.name, required=key.required)
    if not written or len(written) > MOST_TERMS:
        table.error(
            "out-of-range",
            f'"{key.name}" has {len(written)} terms',
            f"write at least one term and at most {MOST_TERMS}",
            key.name,
        )
    for position, term in enumerate(written):
        if not _is_term(term):
            table.error(
                "wrong-type",
                f'a term of "{key.name}" is neither the name of a fact nor a whole number',
                f'write a name in quotes ("…"), or a whole number up to {LARGEST_TERM}',
                key.name,
                position,
            )
    return tuple(term for term in written if _is_term(term))


def read_several(table: Table, key: KeyDeclaration) -> tuple[str, ...]:
    """Some of the key's choices, in the order written."""
    if table.data.get(key.name) == []:
        table.raw(key.name)
        table.error(
            "empty-list",
            f'"{key.name}" is empty',
            f"write one at least of: {listed(key.choices)}",
            key.name,
        )
        return ()
    written = table.text_list(key.name, required=key.required)
    for position, one in enumerate(written):
        if one not in key.choices:
            table.error(
                "not-an-option",
                f'"{one}" cannot be in "{key.name}"{closest(one, key.choices)}',
                f"write some of: {listed(key.choices)}",
                key.name,
                position,
            )
    return tuple(one for one in dict.fromkeys(written) if one in key.choices)


def _number(table: Table, key: KeyDeclaration) -> int:
    return table.number(key.name, required=key.required, minimum=key.minimum)


def _yes_no(table: Table, key: KeyDeclaration) -> bool:
    return table.yes_no(key.name, required=key.required)


def _date(table: Table, key: KeyDeclaration) -> datetime.date | None:
    return table.date(key.name, required=key.required)


KEY_READERS: Mapping[str, Callable[[Table, KeyDeclaration], object]] = {
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "value": read_value,
    "terms": read_terms,
    "several": read_several,
}
"""What reads a key of each kind that needs nothing but the table."""


def given_type(field: Field, declaration: KindDeclaration, facts: KnownFacts) -> str:
    """The type of fact of what the keys of ``field`` set; empty where nothing is set."""
    for key in declaration.keys:
        setting = field.settings.get(key.name)
        if key.kind == "value" and setting is not None:
            return _VALUE_TYPES[type(setting)]
        if key.kind == "parameter" and setting is not None:
            fact = facts.get(f"parameter.{setting}")
            return fact.kind if fact else ""
        if key.kind == "terms" and setting is not None:
            return "number"
        if isinstance(setting, DecisionTable):
            return setting.outcome_type
    return ""


def _is_term(term: object) -> bool:
    if type(term) is int:
        return abs(term) <= LARGEST_TERM
    return type(term) is str and bool(term)
