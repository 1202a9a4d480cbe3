"""IPayment: collect money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zope.interface import Interface

if TYPE_CHECKING:
    import datetime

    from selvbetjening_core.values import (
        Challenge,
        Message,
        PaymentChange,
        PaymentOrder,
        PaymentRef,
        PaymentState,
        Reply,
        Settlement,
    )


class IPayment(Interface):
    """Collects an amount through a payment provider's own page.

    Card data never reach us. Whatever a message or a returning browser says,
    the core asks :meth:`query` before it believes that money has moved.

    Every method may raise :class:`~selvbetjening_core.errors.Unavailable` when
    the provider cannot be reached; an effect may then have happened, and the
    core repeats with the same key.
    """

    def begin(order: PaymentOrder) -> Challenge:
        """Create the payment and say where to send the browser.

        Idempotent on ``order.key``: a repeat returns the same payment. The
        challenge carries the provider's reference.
        """

    def capture(change: PaymentChange) -> PaymentState:
        """Take reserved money. Idempotent on ``change.change_key``."""

    def cancel(change: PaymentChange) -> PaymentState:
        """Give up a payment that is not paid. Idempotent on ``change.change_key``.

        If it was paid meanwhile, the state says so and nothing is cancelled.
        """

    def refund(change: PaymentChange) -> PaymentState:
        """Pay back. Idempotent on ``change.change_key``."""

    def query(payment: PaymentRef) -> PaymentState:
        """Ask the provider what it knows. No effect.

        A payment the provider does not know is ``intended``.
        """

    def settlements(day: datetime.date) -> tuple[Settlement, ...]:
        """The provider's list of what it paid out for ``day``."""

    def notice(message: Message) -> Reply:
        """Read a message from the provider.

        Checks the provider's proof over the raw body. Returns the keys it is
        about, or a refusing status and no keys. Repeated, reordered and unknown
        messages are acknowledged. Never raises on bad input.
        """
