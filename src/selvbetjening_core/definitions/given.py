"""Fields whose value is given by a fact instead of the citizen, where they are read-only."""

from __future__ import annotations

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.definitions.model import LOOKUPS, VALUE_FROM, Field
from selvbetjening_core.definitions.read_conditions import ConditionReader
from selvbetjening_core.files import Table
from selvbetjening_core.values import KeyDeclaration, KindDeclaration

READ_ONLY = "read_only"
_GIVING: dict[str, tuple[str, ...]] = {
    "text": ("text", "address"),
    "number": ("number",),
    "date": ("date",),
}
"""By the type of what a field is answered with, the types of facts that can give it.

Neither yes nor no can be given: a consent is the citizen's own.
"""


def can_be_given(declaration: KindDeclaration) -> bool:
    """Can a field of the kind be read-only? One answer that is written, and not looked up."""
    return (
        declaration.takes_answer
        and declaration.offers.get("") in _GIVING
        and not declaration.takes_options
        and not declaration.asks_register
        and declaration.name not in LOOKUPS
    )


def keys_of(declaration: KindDeclaration) -> tuple[KeyDeclaration, ...]:
    """The keys of the kind, and ``value_from`` where a field of it can be read-only."""
    if not can_be_given(declaration):
        return declaration.keys
    return (
        *declaration.keys,
        KeyDeclaration(
            VALUE_FROM,
            "fact",
            "The fact that is its value where it is read-only, such as holder.address.",
            fact_types=_GIVING[declaration.offers[""]],
        ),
    )


def read_always_read_only(table: Table, declaration: KindDeclaration) -> bool:
    """Read-only in any case? A condition is read later, when all facts are known."""
    if not can_be_given(declaration):
        return False
    if table.has(READ_ONLY) != table.has(VALUE_FROM):
        table.error(
            "keys-at-odds",
            f'"{READ_ONLY}" and "{VALUE_FROM}" belong together, and one of them is missing',
            f'write both, or neither: "{READ_ONLY}" says when, "{VALUE_FROM}" which fact it shows',
        )
    if _is_conditional(table):
        table.raw(READ_ONLY)
        return False
    return table.yes_no(READ_ONLY, required=False)


def read_only_when(field: Field, table: Table, reader: ConditionReader) -> Condition | None:
    """The condition under which ``field`` is read-only; None where there is none."""
    if VALUE_FROM not in field.settings or not _is_conditional(table):
        return None
    return reader.read(table, READ_ONLY, field.name)


def _is_conditional(table: Table) -> bool:
    return isinstance(table.data.get(READ_ONLY), dict)
