"""The component: what is the same for every payment provider. Nothing to fill in here."""

from __future__ import annotations

import datetime

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import (
    Challenge,
    ComponentContext,
    Message,
    Money,
    PaymentChange,
    PaymentOrder,
    PaymentRef,
    PaymentState,
    PaymentStatus,
    Reply,
    Setting,
    Settlement,
)
from zope.interface import implementer

from acme_plugin.provider import Change, Provider
from acme_plugin.settlements import settled_on
from acme_plugin.wire import SETTINGS as WIRE_SETTINGS
from acme_plugin.wire import Wire

SETTINGS = (
    *WIRE_SETTINGS,
    Setting("message_secret", "secret", help="The secret that Acme signs its messages with."),
)


@implementer(IPayment)
class AcmePayment:
    """One municipality's agreement with Acme."""

    def __init__(self, context: ComponentContext) -> None:
        """Keep the settings. Nothing is asked and nothing happens yet."""
        self._wire = Wire(context)
        self._provider = Provider(self._wire, context.text("message_secret"))

    def begin(self, order: PaymentOrder) -> Challenge:
        """Create the payment, or find it again by its key."""
        created = self._provider.create(order)
        return Challenge(created.page, created.reference)

    def capture(self, change: PaymentChange) -> PaymentState:
        """Take what is reserved."""
        return self._change(Change.CAPTURE, change)

    def cancel(self, change: PaymentChange) -> PaymentState:
        """Give up a payment that is not paid."""
        return self._change(Change.CANCEL, change)

    def refund(self, change: PaymentChange) -> PaymentState:
        """Pay back."""
        return self._change(Change.REFUND, change)

    def query(self, payment: PaymentRef) -> PaymentState:
        """How the payment stands; ``intended`` where Acme knows nothing of it."""
        found = self._provider.find(payment)
        if found is None:
            return PaymentState(payment.key, PaymentStatus.INTENDED, Money(0), "", "")
        return found

    def settlements(self, day: datetime.date) -> tuple[Settlement, ...]:
        """What Acme paid out for ``day``."""
        return settled_on(self._wire, day)

    def notice(self, message: Message) -> Reply:
        """What a message is about: our keys, once its proof is checked."""
        keys = self._provider.read_message(message)
        if keys is None:
            return Reply(status=401, body=b"not proven")
        return Reply(keys=keys)

    def _change(self, kind: Change, change: PaymentChange) -> PaymentState:
        known = self.query(change.payment)
        if not known.provider_reference:
            return known
        return self._provider.change(kind, known.provider_reference, change)


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IPayment,
        AcmePayment,
        help="Payment with Acme.",
        settings=SETTINGS,
        holds="Acme keeps the amount, the reference and what the payer gives on its page.",
        built_for="0.1",
        sends_to=("url",),
    )
