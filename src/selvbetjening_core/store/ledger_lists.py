"""What the ledger tells operators: quick, however much was ever delivered."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.records import (
    DeliveryState,
    ListedDelivery,
    UnfinishedCount,
)
from selvbetjening_core.store.component_scan import components_with
from selvbetjening_core.store.delivery_rows import delivery_of
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import delivery as table
from selvbetjening_core.store.tables import submission, unfinished_delivery

_UNFINISHED = (
    DeliveryState.WAITING,
    DeliveryState.SENDING,
    DeliveryState.ACCEPTED_PENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.PARKED,
)
_ORDER = (table.c.created_at, table.c.id)
After = tuple[datetime.datetime, str]


class SqlLedgerLists:
    """The part of the ledger that is looked at. Never counts what is delivered or waived."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def unfinished_counts(self) -> Sequence[UnfinishedCount]:
        """How many rows are on their way or parked, by component and state."""
        by = (table.c.component, table.c.state)
        oldest = sa.func.min(table.c.created_at)
        statement = (
            sa.select(*by, sa.func.count(), oldest)
            .where(self._scope.here(table), unfinished_delivery)
            .group_by(*by)
            .order_by(*by)
        )
        return [
            UnfinishedCount(component, DeliveryState(state), count, since)
            for component, state, count, since in self._scope.connection.execute(statement)
        ]

    def page(
        self,
        *,
        state: DeliveryState | None = None,
        component: str | None = None,
        overdue_before: datetime.datetime | None = None,
        after: After | None = None,
        size: int = 50,
    ) -> Sequence[ListedDelivery]:
        """Rows that are on their way or parked, oldest first.

        :param overdue_before: only those that were accepted before
        :param after: the :attr:`~ListedDelivery.key` of the last row of the page before
        """
        more = []
        if overdue_before is not None:
            more.append(table.c.created_at < overdue_before)
        if after is not None:
            # Said twice: the first is what the index can look for.
            more.append(table.c.created_at >= after[0])
            more.append(sa.tuple_(*_ORDER) > sa.tuple_(*map(sa.literal, after)))
        states = _UNFINISHED if state is None else (state,)
        found: list[ListedDelivery] = []
        for one in self._components() if component is None else (component,):
            for each in states:
                found += self._oldest(one, each, more, size)
        return sorted(found, key=lambda listed: listed.key)[:size]

    def count_by_state(self) -> Mapping[str, int]:
        """How many rows are in each state that has any. Counts all there ever were."""
        statement = (
            sa.select(table.c.state, sa.func.count())
            .where(self._scope.here(table))
            .group_by(table.c.state)
        )
        return {row[0]: row[1] for row in self._scope.connection.execute(statement)}

    def _components(self) -> Sequence[str]:
        seen = components_with(self._scope, unfinished_delivery, table.c.state, table.c.created_at)
        found = sa.select(seen.c.component).where(seen.c.component.is_not(None))
        return list(self._scope.connection.execute(found).scalars())

    def _oldest(
        self, component: str, state: str, more: Sequence[sa.ColumnElement[bool]], size: int
    ) -> list[ListedDelivery]:
        """One stretch of the index, from its beginning."""
        of_it = sa.and_(self._scope.here(submission), submission.c.id == table.c.submission_id)
        statement = (
            sa.select(table, submission.c.receipt_number, submission.c.solution)
            .join(submission, of_it)
            .where(
                self._scope.here(table),
                unfinished_delivery,
                table.c.component == component,
                table.c.state == state,
                *more,
            )
            .order_by(*_ORDER)
            .limit(size)
        )
        rows = self._scope.connection.execute(statement).mappings()
        return [
            ListedDelivery(delivery_of(row), row["receipt_number"], row["solution"]) for row in rows
        ]
