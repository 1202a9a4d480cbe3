"""The delivery ledger: the truth about what has been delivered and what has not."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.records import (
    ENDED,
    Delivery,
    DeliveryState,
    StillHeld,
    WaivedAs,
)
from selvbetjening_core.store.claims import SqlClaims
from selvbetjening_core.store.delivery_rows import delivery_of
from selvbetjening_core.store.ledger_lists import SqlLedgerLists
from selvbetjening_core.store.tables import delivery as table
from selvbetjening_core.store.tables import receiver, submission

# Built once: building them takes longer than carrying them out.
_THIS = (table.c.municipality == sa.bindparam("here"), table.c.id == sa.bindparam("row"))
_GET = sa.select(table).where(*_THIS)
_LOCK = _GET.with_for_update()
_SOLUTION = sa.select(submission.c.solution).where(
    submission.c.municipality == sa.bindparam("here"), submission.c.id == table.c.submission_id
)
_FAILURES = sa.select(receiver.c.failures).where(
    receiver.c.municipality == sa.bindparam("here"), receiver.c.component == table.c.component
)
_STILL_HELD = (
    sa.select(
        _SOLUTION.scalar_subquery().label("solution"),
        sa.func.coalesce(_FAILURES.scalar_subquery(), 0).label("failures"),
    )
    .where(*_THIS, table.c.holder == sa.bindparam("by"))
    .with_for_update(of=table)
)
_MOVE = (
    sa.update(table)
    .where(*_THIS)
    .values(
        state=sa.bindparam("to"),
        reason=sa.bindparam("why"),
        waived_as=sa.bindparam("waived"),
        changed_at=sa.bindparam("now"),
        due_at=sa.func.coalesce(sa.bindparam("due", type_=table.c.due_at.type), table.c.due_at),
        remote_reference=sa.func.coalesce(
            sa.bindparam("reference", type_=sa.String()), table.c.remote_reference
        ),
        lease_until=None,
        holder="",
    )
    .returning(table.c.submission_id, table.c.destination)
)
_RELEASE = (
    sa.update(table)
    .where(
        table.c.municipality == sa.bindparam("here"),
        table.c.submission_id == sa.bindparam("submission"),
        table.c.waits_for == sa.bindparam("ended"),
    )
    .values(waits_for="", due_at=sa.bindparam("now"))
    .returning(table.c.id)
)
_NOBODYS: Mapping[str, object] = {"lease_until": None, "holder": ""}


class SqlLedger(SqlClaims, SqlLedgerLists):
    """Deliveries of one municipality, in one transaction."""

    def add(self, delivery: Delivery) -> None:
        """Store a new row. One that comes ``after`` another waits for it."""
        row = {name: getattr(delivery, name) for name in Delivery.__dataclass_fields__}
        self._scope.insert(table, {**row, "waits_for": delivery.after})

    def get(self, delivery_id: str) -> Delivery | None:
        """The row, or None."""
        row = self._scope.run(_GET, row=delivery_id).mappings().one_or_none()
        return None if row is None else delivery_of(row)

    def lock(self, delivery_id: str) -> Delivery | None:
        """The row, which nobody else changes before this transaction ends; or None."""
        row = self._scope.run(_LOCK, row=delivery_id).mappings().one_or_none()
        return None if row is None else delivery_of(row)

    def still_held(self, delivery_id: str, holder: str) -> StillHeld | None:
        """What is known of a row that ``holder`` has; None if it is another's by now.

        Nobody else takes it before this transaction ends.
        """
        row = self._scope.run(_STILL_HELD, row=delivery_id, by=holder).one_or_none()
        return None if row is None else StillHeld(row.solution, row.failures)

    def of_submission(self, submission_id: str) -> Sequence[Delivery]:
        """All rows of one submission, by position."""
        rows = self._scope.rows(
            table, table.c.submission_id == submission_id, order=(table.c.position, table.c.id)
        )
        return [delivery_of(row) for row in rows]

    def by_key(self, component: str, key: str) -> Delivery | None:
        """The row with this idempotency key at this component, or None."""
        row = self._scope.row(table, table.c.component == component, table.c.key == key)
        return None if row is None else delivery_of(row)

    def move(
        self,
        delivery_id: str,
        state: str,
        now: datetime.datetime,
        *,
        due_at: datetime.datetime | None = None,
        reason: str = "",
        remote_reference: str = "",
        waived_as: WaivedAs = WaivedAs.NONE,
    ) -> Sequence[str]:
        """Set the state of a row that is locked; nobody holds it then.

        An empty remote reference or due time keeps the old one.

        :returns: the ids of the rows that waited for its end, and are due now
        """
        moved = self._scope.run(
            _MOVE,
            row=delivery_id,
            to=DeliveryState(state),
            why=reason,
            waived=waived_as,
            now=now,
            due=due_at,
            reference=remote_reference or None,
        ).one_or_none()
        if moved is None or DeliveryState(state) not in ENDED:
            return ()
        these = {"submission": moved.submission_id, "ended": moved.destination}
        released = self._scope.run(_RELEASE, **these, now=now)
        return list(released.scalars())

    def ask_now(self, delivery_id: str, now: datetime.datetime) -> bool:
        """Make a row due whose end is not known. False if its end is known, or it is held."""
        return self._scope.change(
            table,
            table.c.id == delivery_id,
            table.c.state.in_((DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING)),
            _is_free(now),
            due_at=now,
        )

    def put_back(
        self,
        delivery_id: str,
        seen: DeliveryState,
        now: datetime.datetime,
        reason: str,
        component: str = "",
    ) -> bool:
        """Make a row *waiting* and due now; what was tried before no longer counts.

        False if it is not as ``seen`` any more, or held. One statement, so that a
        worker that has just claimed it keeps it.

        :param component: the component it goes to from now on; empty: as before
        """
        new = {"component": component, "remote_reference": ""} if component else {}
        return self._scope.change(
            table,
            table.c.id == delivery_id,
            table.c.state == seen,
            _is_free(now),
            **_NOBODYS,
            **new,
            state=DeliveryState.WAITING,
            reason=reason,
            due_at=now,
            tried_anew_at=now,
            changed_at=now,
        )


def _is_free(now: datetime.datetime) -> sa.ColumnElement[bool]:
    """Does nobody hold the row?"""
    return sa.or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
