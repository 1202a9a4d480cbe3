"""Prices: dated rows, of which exactly one applies to each case."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from selvbetjening_core.definitions.conditions import undecided
from selvbetjening_core.definitions.dated_rows import applying, in_force
from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.model import OfferedSolution, PriceRow
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.values import Channel


def rows_on(rows: Iterable[PriceRow], day: datetime.date, channel: Channel) -> tuple[PriceRow, ...]:
    """The rows in force on ``day`` for ``channel``.

    Among rows with the same condition the newest is in force, and one that
    names the channel goes before one that names none.
    """
    return in_force((row for row in rows if row.channel in (None, channel)), day, _rank)


def possible_rows(
    offered: OfferedSolution, day: datetime.date, channel: Channel
) -> tuple[PriceRow, ...]:
    """The rows in force that the municipality's own parameters do not rule out."""
    known = offered.parameter_facts()
    rows = rows_on(offered.solution.prices, day, channel)
    return tuple(row for row in rows if undecided(row.when, known) is not False)


def price_of(
    rows: Sequence[PriceRow],
    facts: Mapping[str, object],
    day: datetime.date,
    channel: Channel,
) -> PriceRow:
    """The one row that applies.

    :raises DefinitionError: none or several apply. The checker finds such
        tables beforehand; nobody is charged by guesswork all the same.
    """
    found = applying(rows_on(rows, day, channel), {**facts, TODAY: day})
    if len(found) != 1:
        raise DefinitionError(f"{len(found)} price rows apply; exactly one must")
    return found[0]


def _rank(row: PriceRow) -> tuple[bool, datetime.date]:
    return row.channel is not None, row.valid_from
