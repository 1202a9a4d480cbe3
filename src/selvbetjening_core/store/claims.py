"""Claiming: which worker may work on which delivery now, on any number of machines."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from selvbetjening_core.journey.ports import Slots
from selvbetjening_core.journey.records import (
    NOT_BEGUN,
    Attempt,
    Delivery,
    DeliveryState,
    Receiver,
)
from selvbetjening_core.store.attempts import SqlAttempts
from selvbetjening_core.store.component_scan import components_with, first_of
from selvbetjening_core.store.delivery_rows import delivery_of
from selvbetjening_core.store.receivers import SqlReceivers
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import claimable, held
from selvbetjening_core.store.tables import delivery as table
from selvbetjening_core.values import Outcome, OutcomeKind

# Built once: building them takes longer than carrying them out.
_OF_RECEIVER = (
    table.c.municipality == sa.bindparam("here"),
    table.c.component == sa.bindparam("name"),
)
_DUE = (*_OF_RECEIVER, claimable, table.c.due_at <= sa.bindparam("now"))
_COUNT_HELD = (
    sa.select(sa.func.count())
    .select_from(table)
    .where(*_OF_RECEIVER, held, table.c.lease_until > sa.bindparam("now"))
)
_MOST_OVERDUE = (
    sa.select(table, _COUNT_HELD.correlate(None).scalar_subquery().label("count_held"))
    .where(*_DUE)
    .order_by(table.c.due_at)
    .limit(sa.bindparam("most"))
    # Where rows can be locked one by one, what somebody else changes is passed by.
    .with_for_update(skip_locked=True, of=table)
)
_HOLD = (
    sa.update(table)
    .where(table.c.municipality == sa.bindparam("here"), table.c.id == sa.bindparam("row"))
    .values(
        state=sa.bindparam("to"),
        due_at=sa.bindparam("until"),
        lease_until=sa.bindparam("until"),
        holder=sa.bindparam("by"),
        changed_at=sa.bindparam("now"),
    )
)
_PROLONG = (
    sa.update(table)
    .where(
        table.c.municipality == sa.bindparam("here"),
        table.c.id == sa.bindparam("row"),
        table.c.holder == sa.bindparam("by"),
        held,
    )
    .values(due_at=sa.bindparam("until"), lease_until=sa.bindparam("until"))
)
_KEPT = (DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING)


class SqlClaims(SqlAttempts):
    """The part of the ledger that gives rows to workers."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self._receivers = SqlReceivers(scope)

    def claim(
        self, now: datetime.datetime, lease_until: datetime.datetime, slots: Slots
    ) -> tuple[Delivery, Attempt | None] | None:
        """Take the most overdue row that may be worked on, or None.

        See :meth:`claim_of`. A receiver that is paused, rests or has no slot free
        holds up none of the others, however much is due for it.
        """
        for component in self._with_due_rows(now):
            found = self.claim_of(component, now, lease_until, slots)
            if found is not None:
                return found
        return None

    def claim_of(
        self,
        component: str,
        now: datetime.datetime,
        lease_until: datetime.datetime,
        slots: Slots,
    ) -> tuple[Delivery, Attempt | None] | None:
        """Take the most overdue row of one receiver, or None.

        A *waiting* row comes back as *sending*. A row left *sending* whose
        lease has run out comes back as *unknown* with its unfinished attempt;
        if none was begun, nothing was sent, and it comes back as *sending*, with
        an attempt on record that says so. An
        *unknown* or *accepted_pending* row that is due comes back as it is, with
        the attempt that its last worker left unfinished, if it did.

        None as well while the receiver is paused or rests, or as many of its
        rows are held as ``slots`` says. The receiver is locked meanwhile, so that
        this is true of all workers on all machines together.
        """
        found = self.claim_some(component, now, lease_until, slots, 1)
        return found[0] if found else None

    def claim_some(
        self,
        component: str,
        now: datetime.datetime,
        lease_until: datetime.datetime,
        slots: Slots,
        most: int,
    ) -> Sequence[tuple[Delivery, Attempt | None]]:
        """As :meth:`claim_of`: the most overdue rows, at most so many."""
        receiver = self._receivers.lock_for_claim(component)
        if not _is_open(receiver, now):
            return []
        rows = self._scope.run(_MOST_OVERDUE, name=component, now=now, most=most).mappings().all()
        free = slots(receiver) - rows[0]["count_held"] if rows else 0
        return [self._claim(delivery_of(row), now, lease_until) for row in rows[: max(free, 0)]]

    def _claim(
        self, found: Delivery, now: datetime.datetime, lease_until: datetime.datetime
    ) -> tuple[Delivery, Attempt | None]:
        unfinished = None if found.state is DeliveryState.WAITING else self._unfinished(found.id)
        if found.state is DeliveryState.SENDING and unfinished is None:
            found = self._not_begun(found, now)
        claimed = replace(
            found,
            state=_claimed(found.state, unfinished),
            due_at=lease_until,
            lease_until=lease_until,
            holder=secrets.token_hex(8),
            changed_at=now,
        )
        self._hold(claimed)
        return claimed, unfinished

    def _not_begun(self, found: Delivery, now: datetime.datetime) -> Delivery:
        """Keep on record that its worker ended before it sent anything: it may end them all."""
        number = found.attempts + 1
        self.begin_attempt(Attempt(found.id, number, "", "", now))
        self.end_attempt(found.id, number, Outcome(OutcomeKind.TRANSIENT, NOT_BEGUN), now)
        return replace(found, attempts=number)

    def prolong(self, delivery_id: str, holder: str, lease_until: datetime.datetime) -> bool:
        """Hold a row for longer. False, and nothing changed, if it is another's by now."""
        return self._scope.run(_PROLONG, row=delivery_id, by=holder, until=lease_until).rowcount > 0

    def due(self, component: str, now: datetime.datetime, limit: int) -> Sequence[str]:
        """The ids of its most overdue rows, at most so many. They may be held up all the same."""
        statement = sa.select(table.c.id).where(*_DUE).order_by(table.c.due_at).limit(limit)
        return list(self._scope.run(statement, name=component, now=now).scalars())

    def _hold(self, claimed: Delivery) -> None:
        self._scope.run(
            _HOLD,
            row=claimed.id,
            to=claimed.state,
            until=claimed.lease_until,
            by=claimed.holder,
            now=claimed.changed_at,
        )

    def _with_due_rows(self, now: datetime.datetime) -> Sequence[str]:
        """The open components that have a row due, the most overdue first.

        Goes from one component to the next in the index: however many rows there
        are, it looks at one of each. It asks the rows, not the receivers, so that
        nothing is forgotten whose receiver was renamed or removed.
        """
        seen = components_with(self._scope, claimable, table.c.due_at)
        of_it = sa.and_(claimable, table.c.component == seen.c.component)
        oldest = first_of(self._scope, of_it, table.c.due_at, table.c.due_at)
        each = sa.select(seen.c.component, oldest.label("due_at")).subquery("each")
        statement = (
            sa.select(each.c.component)
            .where(each.c.component.is_not(None), each.c.due_at <= now)
            .order_by(each.c.due_at)
        )
        components = list(self._scope.connection.execute(statement).scalars())
        if not components:
            return []
        shut = {one.component for one in self._receivers.all() if not _is_open(one, now)}
        return [one for one in components if one not in shut]


def _is_open(receiver: Receiver, now: datetime.datetime) -> bool:
    rests = receiver.rests_until is not None and receiver.rests_until > now
    return receiver.paused_at is None and not rests


def _claimed(state: DeliveryState, unfinished: Attempt | None) -> DeliveryState:
    if state in _KEPT:
        return state
    return DeliveryState.SENDING if unfinished is None else DeliveryState.UNKNOWN
