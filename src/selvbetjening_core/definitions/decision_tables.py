"""Decision tables: what follows from earlier answers, as dated rows of which one applies.

The day that decides which rows count is the day on which somebody asks: each page asks
anew, and what is sent has the outcome of the day it is sent on.
"""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from selvbetjening_core.definitions.conditions import Condition, comparisons
from selvbetjening_core.definitions.dated_rows import applying, in_force
from selvbetjening_core.definitions.dates import TODAY, DateRule
from selvbetjening_core.definitions.model import Field, Option
from selvbetjening_core.problems import Place

OUTCOME_TYPES: Mapping[str, str] = {
    "yes_no": "yes_no",
    "number": "number",
    "amount": "number",
    "choice": "choice",
}
"""Kinds of tables, and the type of fact that the outcome is; an amount is in øre."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """The outcome when ``when`` holds, from ``valid_from`` on.

    :param outcome: a whole number (of an amount the øre), yes or no, or an option
    :param law: the provision it follows from, as a citizen can look it up; may be empty
    """

    valid_from: datetime.date
    when: Condition | None
    outcome: str | int | bool
    place: Place
    law: str = ""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A fact that has to be known first, where all the ``conditions`` hold."""

    fact: str
    conditions: tuple[Condition, ...] = ()

    def is_missing(self, facts: Mapping[str, object]) -> bool:
        """Is the question asked, and not answered?"""
        return facts.get(self.fact) is None and all(one.holds(facts) for one in self.conditions)


@dataclass(frozen=True)
class DecisionTable:
    """Dated rows, of which exactly one applies to each case.

    :param kind: one of :data:`OUTCOME_TYPES`
    :param options: of a ``choice`` the outcomes there are, with their texts
    :param awaited: what is asked of the citizen and must be answered before it decides
    """

    name: str
    kind: str
    place: Place
    options: tuple[Option, ...] = ()
    rows: tuple[TableRow, ...] = ()
    awaited: tuple[Awaited, ...] = ()

    @property
    def outcome_type(self) -> str:
        """The type of fact that its outcome is."""
        return OUTCOME_TYPES.get(self.kind, "")

    def facts(self) -> Iterator[str]:
        """The names of the facts that its rows ask about."""
        for row in self.rows:
            for one in comparisons(row.when):
                yield one.fact
                if isinstance(one.value, DateRule) and one.value.source:
                    yield one.value.source

    def decided(self, facts: Mapping[str, object], day: datetime.date) -> TableRow | None:
        """The row that applies on ``day``; None, too, while something is not answered."""
        known = {**facts, TODAY: day}
        if any(one.is_missing(known) for one in self.awaited):
            return None
        return self.row(known, day)

    def row(self, facts: Mapping[str, object], day: datetime.date) -> TableRow | None:
        """The one row that applies on ``day`` where ``facts`` are all there is to know.

        None where no row or several apply: the checker finds such tables beforehand,
        and nothing is decided by guesswork all the same.
        """
        found = applying(self._rows_on(day), {**facts, TODAY: day})
        return found[0] if len(found) == 1 else None

    def _rows_on(self, day: datetime.date) -> tuple[TableRow, ...]:
        days, rows = self._periods
        position = bisect.bisect_right(days, day)
        return rows[position - 1] if position else ()

    @cached_property
    def _periods(self) -> tuple[list[datetime.date], list[tuple[TableRow, ...]]]:
        """The days on which something begins, and the rows in force from each of them on.

        Every page asks, and the day is nearly always the same.
        """
        days = sorted({row.valid_from for row in self.rows})
        return days, [in_force(self.rows, day) for day in days]


def table_of(field: Field) -> DecisionTable | None:
    """The table that decides the value of ``field``, if one does."""
    settings = field.settings.values()
    return next((one for one in settings if isinstance(one, DecisionTable)), None)
