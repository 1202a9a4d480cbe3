"""After a restore: what the backup says of the world outside may not be true any more.

A delivery that waited when the backup was made may have been sent since. Sent
again blindly it would arrive twice, so its end is *unknown* until it is found
out in the way its component declares: by asking, by a receipt, by a repeat that
the receiver recognises, or by a person.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import sqlalchemy as sa

from selvbetjening_core.journey.records import DeliveryState, PaymentOutcome
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import (
    delivery,
    delivery_attempt,
    payment,
    pending_login,
    staff_session,
    web_session,
)
from selvbetjening_core.values import OutcomeKind, PaymentStatus

MAY_HAVE_ARRIVED = "Restored from a backup. It may have been delivered since that was made."
_NOT_SENT = (DeliveryState.WAITING, DeliveryState.SENDING)
_TO_BE_ASKED = (DeliveryState.UNKNOWN, DeliveryState.ACCEPTED_PENDING)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was put in doubt after a restore, and what ended.

    :param in_doubt: deliveries that waited or were being sent: *unknown* now
    :param parked: deliveries that were parked, and may have been sent since
    :param awaited: deliveries whose end was awaited already: looked at now
    :param payments: payments under way, left for a person to compare with the provider's list
    """

    in_doubt: int = 0
    parked: int = 0
    awaited: int = 0
    payments: int = 0

    def __add__(self, other: Settled) -> Settled:
        """Both together."""
        return Settled(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


class SqlRestored:
    """What is done once after a restore, in one municipality and one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def doubt(self, state: str, now: datetime.datetime, after: str, most: int) -> Sequence[str]:
        """Note of some deliveries in ``state`` that they may have arrived; their ids.

        Each gets an attempt without a known end, so that nobody repeats it
        unawares. What waited or was being sent becomes *unknown*, and is due now.
        """
        where = (delivery.c.state == state, delivery.c.id > after)
        statement = (
            sa.select(delivery.c.id, delivery.c.attempts)
            .where(self._scope.here(delivery), *where)
            .order_by(delivery.c.id)
            .limit(most)
            .with_for_update(of=delivery)
        )
        rows = self._scope.connection.execute(statement).all()
        for row in rows:
            self._note_attempt(row.id, row.attempts, now)
        ids = [row.id for row in rows]
        values: dict[str, object] = {"reason": MAY_HAVE_ARRIVED, "changed_at": now}
        if state in _NOT_SENT:
            values |= {"state": DeliveryState.UNKNOWN, **_released(now)}
        self._scope.change(delivery, delivery.c.id.in_(ids), **values)
        return ids

    def look_at_awaited(self, now: datetime.datetime) -> int:
        """Have all deliveries looked at now whose end was awaited; how many."""
        count: int = self._scope.connection.execute(
            sa.select(sa.func.count()).where(
                self._scope.here(delivery), delivery.c.state.in_(_TO_BE_ASKED)
            )
        ).scalar_one()
        self._scope.change(delivery, delivery.c.state.in_(_TO_BE_ASKED), **_released(now))
        return count

    def hold_payments(self) -> int:
        """Leave the payments that were under way to a person; how many there were.

        One may have been paid, submitted and delivered since: to submit it once
        more would make a second case.
        """
        under_way = (
            payment.c.status.in_((PaymentStatus.INTENDED, PaymentStatus.PENDING)),
            payment.c.outcome == PaymentOutcome.NONE,
        )
        statement = sa.select(sa.func.count()).where(self._scope.here(payment), *under_way)
        count: int = self._scope.connection.execute(statement).scalar_one()
        self._scope.change(payment, *under_way, outcome=PaymentOutcome.DISPUTED)
        return count

    def log_everybody_out(self) -> None:
        """End all sessions and logins under way: some had been ended since."""
        for table in (web_session, staff_session, pending_login):
            self._scope.connection.execute(sa.delete(table).where(self._scope.here(table)))

    def _note_attempt(self, delivery_id: str, attempts: int, now: datetime.datetime) -> None:
        unfinished = (
            delivery_attempt.c.delivery_id == delivery_id,
            delivery_attempt.c.ended_at.is_(None),
        )
        if self._scope.has(delivery_attempt, *unfinished):
            number = attempts
        else:
            number = attempts + 1
            row = {"delivery_id": delivery_id, "number": number, "started_at": now}
            self._scope.insert(delivery_attempt, {**row, "plugin": "", "plugin_version": ""})
            self._scope.change(delivery, delivery.c.id == delivery_id, attempts=number)
        sealed = self._scope.seal(
            delivery_attempt, f"{delivery_id}.{number}", "evidence", MAY_HAVE_ARRIVED
        )
        ended = {"ended_at": now, "outcome": OutcomeKind.UNKNOWN, "evidence": sealed}
        self._scope.change(
            delivery_attempt,
            delivery_attempt.c.delivery_id == delivery_id,
            delivery_attempt.c.number == number,
            **ended,
        )


def _released(now: datetime.datetime) -> dict[str, object]:
    return {"lease_until": None, "holder": "", "due_at": now}
