"""Attempts at deliveries: begun, ended, and kept."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.records import Attempt
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import delivery
from selvbetjening_core.store.tables import delivery_attempt as table
from selvbetjening_core.values import Outcome, OutcomeKind

# Built once: building them takes longer than carrying them out.
_COUNT = (
    sa.update(delivery)
    .where(delivery.c.municipality == sa.bindparam("here"), delivery.c.id == sa.bindparam("row"))
    .values(attempts=sa.bindparam("number"))
)
_COUNT_HELD = _COUNT.where(delivery.c.holder == sa.bindparam("by"))
_END = (
    sa.update(table)
    .where(
        table.c.municipality == sa.bindparam("here"),
        table.c.delivery_id == sa.bindparam("row"),
        table.c.number == sa.bindparam("which"),
        table.c.ended_at.is_(None),
    )
    .values(
        ended_at=sa.bindparam("now"), outcome=sa.bindparam("kind"), evidence=sa.bindparam("said")
    )
)
_MAY_BE_THERE = (OutcomeKind.UNKNOWN, OutcomeKind.ACCEPTED_PENDING)


class SqlAttempts:
    """The part of the ledger that keeps what was tried."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def attempts(self, delivery_id: str) -> Sequence[Attempt]:
        """All attempts of one delivery, first to last."""
        rows = self._scope.rows(table, table.c.delivery_id == delivery_id, order=(table.c.number,))
        return [self._attempt(row) for row in rows]

    def latest_attempts(self, delivery_id: str, most: int) -> Sequence[Attempt]:
        """The last attempts of one delivery, at most so many, the latest first."""
        statement = (
            sa.select(table)
            .where(self._scope.here(table), table.c.delivery_id == delivery_id)
            .order_by(table.c.number.desc())
            .limit(most)
        )
        return [self._attempt(row) for row in self._scope.connection.execute(statement).mappings()]

    def last_attempt(self, delivery_id: str) -> Attempt | None:
        """The last attempt of one delivery; None if there was none."""
        return self._last(table.c.delivery_id == delivery_id)

    def begin_attempt(self, attempt: Attempt, holder: str | None = None) -> bool:
        """Store an attempt as begun, and count it on its delivery.

        :param holder: False, and nothing stored, if this one does not hold it any more
        """
        row, number = attempt.delivery_id, attempt.number
        if holder is None:
            self._scope.run(_COUNT, row=row, number=number)
        elif not self._scope.run(_COUNT_HELD, row=row, number=number, by=holder).rowcount:
            return False
        self._scope.insert(
            table,
            {
                "delivery_id": attempt.delivery_id,
                "number": attempt.number,
                "plugin": attempt.plugin,
                "plugin_version": attempt.plugin_version,
                "started_at": attempt.started_at,
            },
        )
        return True

    def end_attempt(
        self, delivery_id: str, number: int, outcome: Outcome, now: datetime.datetime
    ) -> None:
        """Store how an attempt ended. One that has ended stays as it is.

        The evidence is sealed: it is an outsider's words.
        """
        cell = f"{delivery_id}.{number}"
        self._scope.run(
            _END,
            row=delivery_id,
            which=number,
            now=now,
            kind=outcome.kind,
            said=self._scope.seal(table, cell, "evidence", outcome.evidence),
        )

    def begun_since(
        self, delivery_id: str, moment: datetime.datetime | None
    ) -> tuple[int, datetime.datetime | None]:
        """How many attempts began since then (None: ever), and when the first of them did."""
        statement = sa.select(sa.func.count(), sa.func.min(table.c.started_at)).where(
            self._scope.here(table), table.c.delivery_id == delivery_id, *_since(moment)
        )
        count, first = self._scope.connection.execute(statement).one()
        return count, first

    def first_ended_at(
        self,
        delivery_id: str,
        outcome: OutcomeKind,
        since: datetime.datetime | None = None,
    ) -> datetime.datetime | None:
        """When the first attempt with this outcome ended; None if there was none.

        :param since: attempts that began earlier do not count
        """
        rows = self._scope.rows(
            table,
            table.c.delivery_id == delivery_id,
            table.c.outcome == outcome,
            *_since(since),
            order=(table.c.number,),
        )
        return rows[0]["ended_at"] if rows else None

    def may_have_arrived(self, delivery_id: str) -> bool:
        """Is there an attempt that was taken, or whose end nobody knew? Opens no evidence."""
        return self._scope.has(
            table,
            table.c.delivery_id == delivery_id,
            sa.or_(table.c.outcome.is_(None), table.c.outcome.in_(_MAY_BE_THERE)),
        )

    def _unfinished(self, delivery_id: str) -> Attempt | None:
        return self._last(table.c.delivery_id == delivery_id, table.c.ended_at.is_(None))

    def _last(self, *where: sa.ColumnElement[bool]) -> Attempt | None:
        statement = (
            sa.select(table)
            .where(self._scope.here(table), *where)
            .order_by(table.c.number.desc())
            .limit(1)
        )
        row = self._scope.connection.execute(statement).mappings().one_or_none()
        return None if row is None else self._attempt(row)

    def _attempt(self, row: sa.RowMapping) -> Attempt:
        cell = f"{row['delivery_id']}.{row['number']}"
        token = row["evidence"]
        return Attempt(
            delivery_id=row["delivery_id"],
            number=row["number"],
            plugin=row["plugin"],
            plugin_version=row["plugin_version"],
            started_at=row["started_at"],
            ended_at=row["ended_at"],
            outcome=OutcomeKind(row["outcome"]) if row["outcome"] else None,
            evidence=self._scope.open(table, cell, "evidence", token) if token else "",
        )


def _since(moment: datetime.datetime | None) -> tuple[sa.ColumnElement[bool], ...]:
    return () if moment is None else (table.c.started_at >= moment,)
