"""Money on its way."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass

from selvbetjening_core.values.money import Money


class PaymentStatus(enum.StrEnum):
    """Where one payment stands; the way is one-way."""

    INTENDED = "intended"
    """Stored by us; the provider may or may not know of it."""
    PENDING = "pending"
    """The provider knows of it and has no answer yet."""
    PAID = "paid"
    DECLINED = "declined"
    """The provider refused it. No money was taken."""
    CANCELLED = "cancelled"
    """The citizen or the core gave it up. No money was taken."""
    REFUNDED = "refunded"

    @property
    def is_final(self) -> bool:
        """True when no money can arrive any more without a new payment."""
        return self in (PaymentStatus.DECLINED, PaymentStatus.CANCELLED, PaymentStatus.REFUNDED)


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """Ask a provider to collect one amount, once.

    ``key`` is the idempotency key: stored before the first attempt, the same at
    every repeat. ``reference`` is what the citizen sees on the statement.
    ``text`` names what is paid for; it holds no personal data.
    """

    key: str
    reference: str
    amount: Money
    text: str
    return_url: str
    message_url: str
    locale: str


@dataclass(frozen=True, slots=True)
class PaymentRef:
    """Names one payment: our key, and the provider's reference if known."""

    key: str
    provider_reference: str = ""


@dataclass(frozen=True, slots=True)
class PaymentChange:
    """Capture, cancel or refund ``amount`` of one payment.

    ``change_key`` is the idempotency key of the change.
    """

    payment: PaymentRef
    change_key: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentState:
    """What the provider says of one payment. The core compares it with its own.

    ``reference`` is the order's reference as the provider holds it.
    """

    key: str
    status: PaymentStatus
    amount: Money
    reference: str
    provider_reference: str
    method: str = ""
    changed_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """One row of a provider's list of money paid out on a day."""

    provider_reference: str
    amount: Money
    settled_on: datetime.date
