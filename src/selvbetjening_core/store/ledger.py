"""The delivery ledger: the truth about what has been delivered and what has not."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from selvbetjening_core.journey.records import ENDED, Attempt, Delivery, DeliveryState
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import (
    claimable,
    delivery_attempt,
    submission,
    unfinished_delivery,
)
from selvbetjening_core.store.tables import delivery as table
from selvbetjening_core.values import Outcome, OutcomeKind


class SqlLedger:
    """Deliveries of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, delivery: Delivery) -> None:
        """Store a new row. One that comes ``after`` another waits for it."""
        row = {name: getattr(delivery, name) for name in Delivery.__dataclass_fields__}
        self._scope.insert(table, {**row, "waits_for": delivery.after})

    def get(self, delivery_id: str) -> Delivery | None:
        """The row, or None."""
        row = self._scope.row(table, table.c.id == delivery_id)
        return None if row is None else _delivery(row)

    def of_submission(self, submission_id: str) -> Sequence[Delivery]:
        """All rows of one submission, by position."""
        rows = self._scope.rows(
            table, table.c.submission_id == submission_id, order=(table.c.position, table.c.id)
        )
        return [_delivery(row) for row in rows]

    def attempts(self, delivery_id: str) -> Sequence[Attempt]:
        """All attempts of one delivery, first to last."""
        rows = self._scope.rows(
            delivery_attempt,
            delivery_attempt.c.delivery_id == delivery_id,
            order=(delivery_attempt.c.number,),
        )
        return [self._attempt(row) for row in rows]

    def claim(
        self, now: datetime.datetime, lease_until: datetime.datetime
    ) -> tuple[Delivery, Attempt | None] | None:
        """Take the most overdue row that may be worked on, or None.

        A *waiting* row comes back as *sending*. A row left *sending* whose
        lease has run out comes back as *unknown* with its unfinished attempt;
        if none was begun, nothing was sent, and it comes back as *sending*. An
        *unknown* or *accepted_pending* row that is due comes back as it is, with
        the attempt that its last worker left unfinished, if it did.
        """
        found = self._most_overdue(now)
        if found is None:
            return None
        unfinished = self._unfinished(found.id) if found.state != DeliveryState.WAITING else None
        claimed = replace(
            found,
            state=_claimed(found.state, unfinished),
            due_at=lease_until,
            lease_until=lease_until,
            changed_at=now,
        )
        self._scope.change(
            table,
            table.c.id == claimed.id,
            state=claimed.state,
            due_at=lease_until,
            lease_until=lease_until,
            changed_at=now,
        )
        return claimed, unfinished

    def begin_attempt(self, attempt: Attempt) -> None:
        """Store an attempt as begun, and count it on its delivery."""
        self._scope.insert(
            delivery_attempt,
            {
                "delivery_id": attempt.delivery_id,
                "number": attempt.number,
                "plugin": attempt.plugin,
                "plugin_version": attempt.plugin_version,
                "started_at": attempt.started_at,
            },
        )
        self._scope.change(table, table.c.id == attempt.delivery_id, attempts=attempt.number)

    def end_attempt(
        self, delivery_id: str, number: int, outcome: Outcome, now: datetime.datetime
    ) -> None:
        """Store how an attempt ended. The evidence is sealed: it is an outsider's words."""
        self._scope.change(
            delivery_attempt,
            delivery_attempt.c.delivery_id == delivery_id,
            delivery_attempt.c.number == number,
            ended_at=now,
            outcome=outcome.kind,
            evidence=self._scope.seal(
                delivery_attempt, f"{delivery_id}.{number}", "evidence", outcome.evidence
            ),
        )

    def move(
        self,
        delivery_id: str,
        state: str,
        now: datetime.datetime,
        *,
        due_at: datetime.datetime | None = None,
        reason: str = "",
        remote_reference: str = "",
        lease_until: datetime.datetime | None = None,
    ) -> None:
        """Set the state of a row. An empty remote reference or due time keeps the old one."""
        values: dict[str, object] = {
            "state": DeliveryState(state),
            "reason": reason,
            "lease_until": lease_until,
            "changed_at": now,
        }
        if due_at is not None:
            values["due_at"] = due_at
        if remote_reference:
            values["remote_reference"] = remote_reference
        self._scope.change(table, table.c.id == delivery_id, **values)
        if values["state"] in ENDED:
            self._release(delivery_id, now)

    def _release(self, ended_id: str, now: datetime.datetime) -> None:
        """What waited for this one to end is due now."""
        ended = self.get(ended_id)
        if ended is not None:
            self._scope.change(
                table,
                table.c.submission_id == ended.submission_id,
                table.c.waits_for == ended.destination,
                waits_for="",
                due_at=now,
            )

    def first_attempt_at(self, delivery_id: str) -> datetime.datetime | None:
        """When the first attempt at a delivery began; None if there was none."""
        row = self._scope.row(
            delivery_attempt,
            delivery_attempt.c.delivery_id == delivery_id,
            delivery_attempt.c.number == 1,
        )
        return None if row is None else row["started_at"]

    def first_ended_at(self, delivery_id: str, outcome: OutcomeKind) -> datetime.datetime | None:
        """When the first attempt with this outcome ended; None if there was none."""
        rows = self._scope.rows(
            delivery_attempt,
            delivery_attempt.c.delivery_id == delivery_id,
            delivery_attempt.c.outcome == outcome,
            order=(delivery_attempt.c.number,),
        )
        return rows[0]["ended_at"] if rows else None

    def by_key(self, component: str, key: str) -> Delivery | None:
        """The row with this idempotency key at this component, or None."""
        row = self._scope.row(table, table.c.component == component, table.c.key == key)
        return None if row is None else _delivery(row)

    def ask_now(self, delivery_id: str, now: datetime.datetime) -> bool:
        """Make a row due whose end is not known. False if its end is known, or it is held."""
        return self._scope.change(
            table,
            table.c.id == delivery_id,
            table.c.state.in_((DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING)),
            sa.or_(table.c.lease_until.is_(None), table.c.lease_until <= now),
            due_at=now,
        )

    def may_have_arrived(self, delivery_id: str) -> bool:
        """Is there an attempt of which nobody knew the end? Opens no evidence."""
        doubtful = self._scope.rows(
            delivery_attempt,
            delivery_attempt.c.delivery_id == delivery_id,
            sa.or_(
                delivery_attempt.c.outcome.is_(None),
                delivery_attempt.c.outcome == OutcomeKind.UNKNOWN,
            ),
        )
        return bool(doubtful)

    def put_back(
        self, delivery_id: str, seen: DeliveryState, now: datetime.datetime, reason: str
    ) -> bool:
        """Make a row *waiting* and due now. False if it is not as ``seen`` any more.

        One statement, so that a worker that has just claimed it keeps it.
        """
        return self._scope.change(
            table,
            table.c.id == delivery_id,
            table.c.state == seen,
            state=DeliveryState.WAITING,
            reason=reason,
            due_at=now,
            lease_until=None,
            changed_at=now,
        )

    def undelivered(self) -> Sequence[tuple[Delivery, str]]:
        """All rows that are not delivered, oldest first, each with its receipt number."""
        statement = (
            sa.select(table, submission.c.receipt_number)
            .join(
                submission,
                sa.and_(
                    self._scope.here(submission),
                    submission.c.id == table.c.submission_id,
                ),
            )
            .where(self._scope.here(table), unfinished_delivery)
            .order_by(table.c.created_at, table.c.submission_id, table.c.position)
        )
        rows = self._scope.connection.execute(statement).mappings()
        return [(_delivery(row), row["receipt_number"]) for row in rows]

    def count_by_state(self) -> Mapping[str, int]:
        """How many rows are in each state that has any."""
        statement = (
            sa.select(table.c.state, sa.func.count())
            .where(self._scope.here(table))
            .group_by(table.c.state)
        )
        return {row[0]: row[1] for row in self._scope.connection.execute(statement)}

    def count_by_destination(self) -> Mapping[tuple[str, str], int]:
        """How many rows there are for each destination and state that has any."""
        key = (table.c.destination, table.c.state)
        statement = sa.select(*key, sa.func.count()).where(self._scope.here(table)).group_by(*key)
        return {(row[0], row[1]): row[2] for row in self._scope.connection.execute(statement)}

    def _most_overdue(self, now: datetime.datetime) -> Delivery | None:
        statement = (
            sa.select(table)
            .where(
                self._scope.here(table),
                claimable,
                table.c.due_at <= now,
            )
            .order_by(table.c.due_at)
            .limit(1)
            # Where rows can be locked one by one, two workers never take the same.
            .with_for_update(skip_locked=True, of=table)
        )
        row = self._scope.connection.execute(statement).mappings().one_or_none()
        return None if row is None else _delivery(row)

    def _unfinished(self, delivery_id: str) -> Attempt | None:
        rows = self._scope.rows(
            delivery_attempt,
            delivery_attempt.c.delivery_id == delivery_id,
            delivery_attempt.c.ended_at.is_(None),
            order=(delivery_attempt.c.number,),
        )
        return self._attempt(rows[-1]) if rows else None

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
            evidence=self._scope.open(delivery_attempt, cell, "evidence", token) if token else "",
        )


def _claimed(state: DeliveryState, unfinished: Attempt | None) -> DeliveryState:
    if state in (DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING):
        return state
    return DeliveryState.SENDING if unfinished is None else DeliveryState.UNKNOWN


def _delivery(row: sa.RowMapping) -> Delivery:
    values = {name: row[name] for name in Delivery.__dataclass_fields__}
    return Delivery(**{**values, "state": DeliveryState(row["state"])})
