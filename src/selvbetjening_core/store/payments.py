"""Our own book of payments. It holds nothing about a person."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.records import PaymentOutcome, PaymentRecord
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import payment as table
from selvbetjening_core.values import Money, PaymentState, PaymentStatus

_RANK: Mapping[PaymentStatus, int] = {
    PaymentStatus.INTENDED: 0,
    PaymentStatus.PENDING: 1,
    PaymentStatus.DECLINED: 2,
    PaymentStatus.CANCELLED: 2,
    # Above "declined" and "cancelled": money that came late after all has come,
    # and must be known in order to be paid back.
    PaymentStatus.PAID: 3,
    PaymentStatus.REFUNDED: 4,
}
"""A payment only ever moves to a status of higher rank."""

_UNSETTLED = (PaymentStatus.INTENDED, PaymentStatus.PENDING)
_GIVEN_UP = (PaymentStatus.DECLINED, PaymentStatus.CANCELLED)


class SqlPayments:
    """Payments of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, payment: PaymentRecord) -> None:
        """Store a payment before the provider hears of it."""
        self._scope.insert(
            table,
            {
                "id": payment.id,
                "draft_id": payment.draft_id,
                "component": payment.component,
                "key": payment.key,
                "reference": payment.reference,
                "ore": payment.amount.ore,
                "currency": payment.amount.currency,
                "status": payment.status,
                "outcome": payment.outcome,
                "return_url": payment.return_url,
                "message_url": payment.message_url,
                "provider_reference": payment.provider_reference,
                "method": payment.method,
                "created_at": payment.created_at,
                "paid_at": payment.paid_at,
            },
        )

    def get(self, payment_id: str) -> PaymentRecord | None:
        """The payment, or None."""
        row = self._scope.row(table, table.c.id == payment_id)
        return None if row is None else _payment(row)

    def by_key(self, component: str, key: str) -> PaymentRecord | None:
        """The payment with this idempotency key at this component, or None."""
        row = self._scope.row(table, table.c.component == component, table.c.key == key)
        return None if row is None else _payment(row)

    def set_provider_reference(self, payment_id: str, reference: str) -> None:
        """Keep the provider's reference."""
        self._scope.change(table, table.c.id == payment_id, provider_reference=reference)

    def record(self, payment_id: str, state: PaymentState, now: datetime.datetime) -> bool:
        """Take over the provider's state, if that is a step forward.

        False, and nothing changed, where it would go back or stay: of several
        that bring the same news, exactly one is told True.
        """
        lower = [status for status in _RANK if _RANK[status] < _RANK[state.status]]
        values: dict[str, object] = {"status": state.status}
        if state.provider_reference:
            values["provider_reference"] = state.provider_reference
        if state.method:
            values["method"] = state.method
        if state.status is PaymentStatus.PAID:
            values["paid_at"] = state.changed_at or now
        return self._scope.change(
            table, table.c.id == payment_id, table.c.status.in_(lower), **values
        )

    def set_outcome(self, payment_id: str, outcome: PaymentOutcome) -> bool:
        """Keep what became of it. False, and nothing changed, where that is known."""
        return self._scope.change(
            table,
            table.c.id == payment_id,
            table.c.outcome == PaymentOutcome.NONE,
            outcome=outcome,
        )

    def unsettled(self, older_than: datetime.datetime) -> Sequence[PaymentRecord]:
        """Intended or pending, undisputed, and created before; oldest first."""
        return self._where(
            table.c.status.in_(_UNSETTLED),
            table.c.outcome == PaymentOutcome.NONE,
            table.c.created_at < older_than,
        )

    def given_up(self, newer_than: datetime.datetime) -> Sequence[PaymentRecord]:
        """Declined or cancelled, and created after; oldest first."""
        return self._where(table.c.status.in_(_GIVEN_UP), table.c.created_at > newer_than)

    def strays(self) -> Sequence[PaymentRecord]:
        """Paid, for nothing, and not paid back; oldest first."""
        return self._where(
            table.c.status == PaymentStatus.PAID, table.c.outcome == PaymentOutcome.STRAY
        )

    def _where(self, *conditions: sa.ColumnElement[bool]) -> list[PaymentRecord]:
        rows = self._scope.rows(table, *conditions, order=(table.c.created_at, table.c.id))
        return [_payment(row) for row in rows]


def _payment(row: sa.RowMapping) -> PaymentRecord:
    return PaymentRecord(
        id=row["id"],
        draft_id=row["draft_id"],
        key=row["key"],
        component=row["component"],
        reference=row["reference"],
        amount=Money(row["ore"], row["currency"]),
        status=PaymentStatus(row["status"]),
        created_at=row["created_at"],
        return_url=row["return_url"],
        message_url=row["message_url"],
        outcome=PaymentOutcome(row["outcome"]),
        provider_reference=row["provider_reference"],
        method=row["method"],
        paid_at=row["paid_at"],
    )
