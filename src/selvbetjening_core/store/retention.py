"""What is kept too long: finding it, and removing it. Which limits hold is decided elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.ports import Seen
from selvbetjening_core.journey.records import (
    ENDED,
    OldDraft,
    OldSubmission,
    PaymentOutcome,
    RetentionLimit,
)
from selvbetjening_core.store.audit_chain import SqlAuditChain
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import (
    component_value,
    delivery,
    delivery_attempt,
    draft,
    journey_count,
    payment,
    pending_login,
    retention,
    seen_assertion,
    staff_session,
    submission,
    upload,
    web_session,
)
from selvbetjening_core.values import PaymentStatus

_ON_ITS_WAY = payment.c.status.in_((PaymentStatus.INTENDED, PaymentStatus.PENDING))
_OPEN = sa.or_(
    sa.and_(_ON_ITS_WAY, payment.c.outcome == PaymentOutcome.NONE),
    sa.and_(payment.c.status == PaymentStatus.PAID, payment.c.outcome != PaymentOutcome.SUBMITTED),
    payment.c.outcome == PaymentOutcome.DISPUTED,
)
"""Something has still to be done about it, by us or by a person."""


class SqlRetention:
    """What is kept too long in one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def note(self, limit: RetentionLimit) -> None:
        """Keep how long what is accepted under a definition is kept. Repeatable."""
        values = {
            "draft_days": limit.draft_days,
            "delivered_days": limit.delivered_days,
            "offered_on": limit.offered_on,
        }
        this = (
            retention.c.solution == limit.solution,
            retention.c.definition_sha256 == limit.definition_sha256,
        )
        if self._scope.change(retention, *this, **values):
            return
        key = {"solution": limit.solution, "definition_sha256": limit.definition_sha256}
        self._scope.try_insert(retention, {**key, **values})

    def limits(self) -> Sequence[RetentionLimit]:
        """All that were ever noted."""
        return [
            RetentionLimit(**{name: row[name] for name in RetentionLimit.__dataclass_fields__})
            for row in self._scope.rows(retention, order=(retention.c.solution,))
        ]

    def solutions(self) -> Sequence[str]:
        """The solutions that there is a draft or a submission of. Quick, however many."""
        return sorted({*self._distinct(draft), *self._distinct(submission)})

    def old_drafts(
        self, solution: str, before: datetime.datetime, after: Seen | None, most: int
    ) -> Sequence[OldDraft]:
        """Drafts not changed since ``before``, oldest first, from ``after`` on."""
        rows = self._old(draft, draft.c.updated_at, solution, before, after, most)
        in_hand = self._unsettled(row["id"] for row in rows)
        submitted = self._submitted([row["id"] for row in rows])
        return [
            OldDraft(
                id=row["id"],
                definition_sha256=row["definition_sha256"],
                updated_at=row["updated_at"],
                is_open=row["id"] in in_hand,
                is_submitted=row["id"] in submitted,
            )
            for row in rows
        ]

    def old_submissions(
        self, solution: str, before: datetime.datetime, after: Seen | None, most: int
    ) -> Sequence[OldSubmission]:
        """Submissions received before, oldest first, from ``after`` on; held until the commit."""
        rows = self._old(submission, submission.c.received_at, solution, before, after, most)
        in_hand = self._unsettled(row["draft_id"] for row in rows)
        sent = self._deliveries_of([row["id"] for row in rows])
        return [
            OldSubmission(
                id=row["id"],
                draft_id=row["draft_id"],
                definition_sha256=row["definition_sha256"],
                received_at=row["received_at"],
                ended_at=_ended_at(sent.get(row["id"], []), row["received_at"]),
                is_open=row["draft_id"] in in_hand,
                deliveries=tuple(one["id"] for one in sent.get(row["id"], [])),
            )
            for row in rows
        ]

    def erase_drafts(self, ids: Sequence[str], before: datetime.datetime) -> None:
        """Remove these drafts, but none that was changed since ``before``."""
        self._scope.remove(draft, draft.c.id.in_(ids), draft.c.updated_at <= before)
        left = self._there(draft, ids)
        self._forget_files([one for one in ids if one not in left])

    def erase_submissions(self, gone: Sequence[OldSubmission]) -> None:
        """Remove these, each with its deliveries, attempts and draft."""
        deliveries = [one for old in gone for one in old.deliveries]
        self._scope.remove(delivery_attempt, delivery_attempt.c.delivery_id.in_(deliveries))
        self._scope.remove(delivery, delivery.c.id.in_(deliveries))
        self._scope.remove(submission, submission.c.id.in_([old.id for old in gone]))
        self._scope.remove(draft, draft.c.id.in_([old.draft_id for old in gone]))
        self._forget_files([old.draft_id for old in gone])

    def erase_again(self, submissions: Sequence[str], drafts: Sequence[str]) -> int:
        """Remove whatever is there of what was erased before; how many there were.

        A payment of a draft that is gone would be taken for one that nobody
        waits for, and paid back: a person has to look first.
        """
        found = self._there(submission, submissions)
        left = self._there(draft, drafts)
        if found:
            sent = self._deliveries_of(found)
            ids = [one["id"] for rows in sent.values() for one in rows]
            self._scope.remove(delivery_attempt, delivery_attempt.c.delivery_id.in_(ids))
            self._scope.remove(delivery, delivery.c.id.in_(ids))
            self._scope.remove(submission, submission.c.id.in_(found))
        if left:
            self._scope.change(
                payment,
                payment.c.draft_id.in_(left),
                _ON_ITS_WAY,
                payment.c.outcome == PaymentOutcome.NONE,
                outcome=PaymentOutcome.DISPUTED,
            )
            self._scope.remove(draft, draft.c.id.in_(left))
        self._forget_files(drafts)
        return len(found) + len(left)

    def _forget_files(self, drafts: Collection[str]) -> None:
        """Without their keys, which go with the rows, nobody can read what lies in the folder.

        A submission is of one draft, so its files are found by it, too.
        """
        self._scope.remove(upload, upload.c.draft_id.in_(drafts))

    def erase_settled_payments(self, before: datetime.datetime, most: int) -> int:
        """Remove payments made before that nothing is open of; how many."""
        ids = self._first(payment, payment.c.created_at, before, most, ~_OPEN)
        if ids:
            self._scope.remove(payment, payment.c.id.in_(ids), ~_OPEN)
        return len(ids)

    def erase_audit(self, before: datetime.datetime, now: datetime.datetime, most: int) -> int:
        """Remove lines of the audit log written before; how many. A line says up to where."""
        return SqlAuditChain(self._scope).retire(before, now, most)

    def erase_counts(self, before: datetime.date) -> int:
        """Remove counters of days before; how many."""
        old = journey_count.c.day < before
        statement = sa.select(sa.func.count()).where(self._scope.here(journey_count), old)
        found: int = self._scope.connection.execute(statement).scalar_one()
        if found:
            self._scope.remove(journey_count, old)
        return found

    def erase_run_out(self, now: datetime.datetime) -> None:
        """Remove sessions, logins, assertions and components' values whose time is over."""
        self._scope.remove(web_session, web_session.c.expires_at <= now)
        self._scope.remove(staff_session, staff_session.c.expires_at <= now)
        self._scope.remove(pending_login, pending_login.c.expires_at <= now)
        self._scope.remove(seen_assertion, seen_assertion.c.until <= now)
        self._scope.remove(component_value, component_value.c.expires_at <= now)

    def _old(
        self,
        table: sa.Table,
        at: sa.Column[datetime.datetime],
        solution: str,
        before: datetime.datetime,
        after: Seen | None,
        most: int,
    ) -> list[sa.RowMapping]:
        """Rows of one solution by age. Nobody else changes them before the commit."""
        where = [self._scope.here(table), table.c.solution == solution, at <= before]
        if after is not None:
            moment, last = after
            where.append(at >= moment)
            where.append(sa.or_(at > moment, table.c.id > last))
        columns = [table.c.id, table.c.definition_sha256, at]
        if table is submission:
            columns.append(submission.c.draft_id)
        statement = (
            sa.select(*columns)
            .where(*where)
            .order_by(at, table.c.id)
            .limit(most)
            .with_for_update(skip_locked=True, of=table)
        )
        return list(self._scope.connection.execute(statement).mappings())

    def _deliveries_of(self, ids: Collection[str]) -> dict[str, list[sa.RowMapping]]:
        statement = (
            sa.select(
                delivery.c.id, delivery.c.submission_id, delivery.c.state, delivery.c.changed_at
            )
            .where(self._scope.here(delivery), delivery.c.submission_id.in_(ids))
            # In the order in which leases are prolonged, so that no two wait for each other.
            .order_by(delivery.c.id)
            .with_for_update(of=delivery)
        )
        found: dict[str, list[sa.RowMapping]] = {}
        for row in self._scope.connection.execute(statement).mappings():
            found.setdefault(row["submission_id"], []).append(row)
        return found

    def _unsettled(self, drafts: Iterable[str]) -> set[str]:
        statement = sa.select(payment.c.draft_id).where(
            self._scope.here(payment), payment.c.draft_id.in_(list(drafts)), _OPEN
        )
        return set(self._scope.connection.execute(statement).scalars())

    def _submitted(self, drafts: Collection[str]) -> set[str]:
        statement = sa.select(submission.c.draft_id).where(
            self._scope.here(submission), submission.c.draft_id.in_(drafts)
        )
        return set(self._scope.connection.execute(statement).scalars())

    def _first(
        self,
        table: sa.Table,
        at: sa.Column[datetime.datetime],
        before: datetime.datetime,
        most: int,
        also: sa.ColumnElement[bool],
    ) -> list[str]:
        statement = (
            sa.select(table.c.id)
            .where(self._scope.here(table), at < before, also)
            .order_by(at)
            .limit(most)
        )
        return list(self._scope.connection.execute(statement).scalars())

    def _there(self, table: sa.Table, ids: Collection[str]) -> list[str]:
        statement = sa.select(table.c.id).where(self._scope.here(table), table.c.id.in_(ids))
        return list(self._scope.connection.execute(statement).scalars())

    def _distinct(self, table: sa.Table) -> Iterable[str]:
        """Each solution once, by as many steps in the index as there are solutions."""
        last = ""
        while True:
            statement = sa.select(sa.func.min(table.c.solution)).where(
                self._scope.here(table), table.c.solution > last
            )
            found = self._scope.connection.execute(statement).scalar_one()
            if found is None:
                return
            yield found
            last = found


def _ended_at(
    deliveries: Sequence[sa.RowMapping], received_at: datetime.datetime
) -> datetime.datetime | None:
    if any(row["state"] not in ENDED for row in deliveries):
        return None
    return max((row["changed_at"] for row in deliveries), default=received_at)
