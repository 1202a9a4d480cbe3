"""The provider's book of payments."""

from __future__ import annotations

import datetime
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

PENDING, PAID, DECLINED, CANCELLED, REFUNDED = (
    "pending",
    "paid",
    "declined",
    "cancelled",
    "refunded",
)
CHANGES = ("cancel", "capture", "refund")
_DANISH_TIME = ZoneInfo("Europe/Copenhagen")


class KeyReused(Exception):
    """A key came back with other contents."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the municipality wants to be paid, and where to tell about it."""

    key: str
    reference: str
    ore: int
    currency: str
    text: str
    return_url: str
    message_url: str
    locale: str
    brand: str
    method: str

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Order | None:
        """Read an order; None unless it is complete and makes sense."""
        words = {name: data.get(name) for name in cls.__slots__ if name != "ore"}
        ore = data.get("ore")
        if not isinstance(ore, int) or isinstance(ore, bool) or ore <= 0:
            return None
        if not all(isinstance(word, str) and word for word in words.values()):
            return None
        order = cls(ore=ore, **{name: str(word) for name, word in words.items()})
        urls = (order.return_url, order.message_url)
        return order if all(u.startswith(("http://", "https://")) for u in urls) else None


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment. ``changes`` maps the key of each change to what it asked for."""

    id: str
    order: Order
    changed_at: datetime.datetime
    status: str = PENDING
    paid_at: datetime.datetime | None = None
    refunded_at: datetime.datetime | None = None
    changes: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """What the provider tells the municipality about it."""
        return {
            "id": self.id,
            "key": self.order.key,
            "reference": self.order.reference,
            "ore": self.order.ore,
            "currency": self.order.currency,
            "status": self.status,
            "method": self.order.method if self.paid_at else "",
            "changed_at": self.changed_at.isoformat(),
        }


class PaymentBook:
    """All payments, in memory. Thread safe."""

    def __init__(self, now: Callable[[], datetime.datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._payments: dict[str, Payment] = {}

    def open(self, order: Order) -> Payment:
        """The payment with the order's key, made now if there is none.

        :raises KeyReused: there is one, with other contents
        """
        with self._lock:
            known = self._with_key(order.key)
            if known is None:
                known = Payment(secrets.token_urlsafe(12), order, self._now())
                self._payments[known.id] = known
            if known.order != order:
                raise KeyReused
            return known

    def get(self, payment_id: str) -> Payment | None:
        """The payment, or None."""
        return self._payments.get(payment_id)

    def by_key(self, key: str) -> Payment | None:
        """The payment with the municipality's key, or None."""
        with self._lock:
            return self._with_key(key)

    def all(self) -> tuple[Payment, ...]:
        """Every payment there is."""
        with self._lock:
            return tuple(self._payments.values())

    def settle(self, payment_id: str, status: str) -> Payment | None:
        """End a pending payment; one that has ended stays as it is."""
        with self._lock:
            payment = self._payments.get(payment_id)
            if payment is None or payment.status != PENDING:
                return payment
            return self._put(self._ended(payment, status))

    def change(self, payment_id: str, kind: str, change_key: str, ore: int) -> Payment | None:
        """Cancel, capture or refund, once for each key; None if it is unknown.

        What cannot be done is not done; the answer shows how the payment
        stands. Capturing changes nothing, since the demo takes the money at
        once; only the whole amount can be refunded.

        :raises KeyReused: the key was used for another change of this payment
        """
        with self._lock:
            payment = self._payments.get(payment_id)
            if payment is None:
                return None
            if change_key in payment.changes:
                if payment.changes[change_key] != (kind, ore):
                    raise KeyReused
                return payment
            changes = {**payment.changes, change_key: (kind, ore)}
            return self._put(replace(self._changed(payment, kind, ore), changes=changes))

    def settlements(self, day: datetime.date) -> list[dict[str, object]]:
        """Money that moved on ``day`` (Danish time); refunds are negative."""
        payments = self.all()
        moves = [(p, p.paid_at, p.order.ore) for p in payments]
        moves += [(p, p.refunded_at, -p.order.ore) for p in payments]
        return [
            {"id": payment.id, "ore": ore, "currency": payment.order.currency}
            for payment, moment, ore in moves
            if moment is not None and moment.astimezone(_DANISH_TIME).date() == day
        ]

    def forget(self) -> None:
        """Lose everything."""
        with self._lock:
            self._payments.clear()

    def _with_key(self, key: str) -> Payment | None:
        return next((p for p in self._payments.values() if p.order.key == key), None)

    def _put(self, payment: Payment) -> Payment:
        self._payments[payment.id] = payment
        return payment

    def _ended(self, payment: Payment, status: str) -> Payment:
        now = self._now()
        return replace(
            payment, status=status, changed_at=now, paid_at=now if status == PAID else None
        )

    def _changed(self, payment: Payment, kind: str, ore: int) -> Payment:
        if kind == "cancel" and payment.status == PENDING:
            return self._ended(payment, CANCELLED)
        if kind == "refund" and payment.status == PAID and ore == payment.order.ore:
            now = self._now()
            return replace(payment, status=REFUNDED, changed_at=now, refunded_at=now)
        return payment
