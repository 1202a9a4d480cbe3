"""Reading amounts of money."""

from __future__ import annotations

from selvbetjening_core.files import Table
from selvbetjening_core.values import Money


def read_amount(table: Table, key: str) -> Money | None:
    """The amount under ``key``; None where it is missing or none."""
    text = table.text(key)
    try:
        return Money.parse(text) if text.strip() else None
    except ValueError as error:
        table.error("bad-amount", f'"{text}" is not an amount', str(error), key)
        return None
