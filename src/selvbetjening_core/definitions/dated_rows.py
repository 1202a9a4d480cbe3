"""Dated rows: which of them are in force on a day, and which of those apply to a case.

Prices are such rows, and so are the rows of a decision table. What changes is a new
row; the older one stays, so that what was decided by it can be understood.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from selvbetjening_core.definitions.conditions import Condition
from selvbetjening_core.problems import Place


class DatedRow(Protocol):
    """A row that holds from a day on, for the cases of its condition."""

    @property
    def valid_from(self) -> datetime.date:
        """The first day."""

    @property
    def when(self) -> Condition | None:
        """The cases; None for all of them."""

    @property
    def place(self) -> Place:
        """Where it is written."""


Row = TypeVar("Row", bound=DatedRow)


def begun(row: DatedRow) -> Any:
    """The rank of a row among those with its condition: the newest goes first."""
    return row.valid_from


def in_force(
    rows: Iterable[Row], day: datetime.date, rank: Callable[[Row], Any] = begun
) -> tuple[Row, ...]:
    """The rows in force on ``day``: of those with the same condition that of the highest rank."""
    found: dict[Condition | None, Row] = {}
    for row in rows:
        if row.valid_from > day:
            continue
        rival = found.get(row.when)
        if rival is None or rank(row) > rank(rival):
            found[row.when] = row
    return tuple(found.values())


def applying(rows: Iterable[Row], facts: Mapping[str, object]) -> tuple[Row, ...]:
    """Those of ``rows`` whose condition holds.

    :raises ValueError: a date is compared with today, and ``facts`` lacks it
    """
    return tuple(row for row in rows if row.when is None or row.when.holds(facts))
