"""Counters of journeys. Nothing personal."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.records import JourneyCount
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import journey_count as table

_KEY = ("solution", "version", "channel", "day")


class SqlCounts:
    """Counters of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def started(self, solution: str, version: str, channel: str, day: datetime.date) -> None:
        """One more journey has started."""
        self._add_one(table.c.started, (solution, version, channel, day))

    def completed(self, solution: str, version: str, channel: str, day: datetime.date) -> None:
        """One more journey was completed."""
        self._add_one(table.c.completed, (solution, version, channel, day))

    def report(self) -> Sequence[JourneyCount]:
        """All counters, by solution, version, channel and day."""
        order = tuple(table.c[name] for name in _KEY)
        return [
            JourneyCount(
                solution=row["solution"],
                version=row["version"],
                channel=row["channel"],
                day=row["day"],
                started=row["started"],
                completed=row["completed"],
            )
            for row in self._scope.rows(table, order=order)
        ]

    def has_any(self, solution: str) -> bool:
        """Whether anything was ever counted of the solution. Quick, however much was."""
        return self._scope.has(table, table.c.solution == solution)

    def _add_one(self, counter: sa.Column[int], key: tuple[object, ...]) -> None:
        row = {"started": 0, "completed": 0, **dict(zip(_KEY, key, strict=True)), counter.name: 1}
        # One statement: counting first and writing then would lose those of others.
        self._scope.put(table, row, added=(counter.name,))
