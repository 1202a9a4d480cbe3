"""A payment that misbehaves."""

from __future__ import annotations

import datetime
from dataclasses import replace

from zope.interface import implementer

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
    Settlement,
)
from selvbetjening_demo.faults.mischief import Fault, Mischief, fault_settings
from selvbetjening_demo.payment import PAYMENT_SETTINGS, DemoPayment

SETTINGS = (
    *PAYMENT_SETTINGS,
    *fault_settings(
        slow="what is asked for happens, but the answer comes too late",
        down="the provider cannot be reached",
        lying="the provider tells of another amount than was paid",
        duplicating="everything is asked for twice, and each message comes twice",
        out_of_order="the provider tells how the payment stood the last time it was asked",
        forgetting="the provider does not know the payment",
    ),
)

_ONE_KRONE = 100
_REMEMBERED = datetime.timedelta(days=1)


@implementer(IPayment)
class FaultyPayment:
    """The demo payment, with the fault that the municipality's file names."""

    def __init__(self, context: ComponentContext) -> None:
        self._honest = DemoPayment(context)
        self.mischief = Mischief(context)
        self._store = context.store
        self._now = context.now

    def begin(self, order: PaymentOrder) -> Challenge:
        """See ``IPayment``; the provider's reference may be forgotten."""
        challenge = self.mischief.doubled(lambda: self._honest.begin(order))
        self._remember(order.key, PaymentStatus.PENDING)
        if self.mischief.strikes(Fault.FORGETTING):
            return replace(challenge, reference="")
        return challenge

    def capture(self, change: PaymentChange) -> PaymentState:
        """See ``IPayment``."""
        return self.mischief.doubled(lambda: self._honest.capture(change))

    def cancel(self, change: PaymentChange) -> PaymentState:
        """See ``IPayment``."""
        return self.mischief.doubled(lambda: self._honest.cancel(change))

    def refund(self, change: PaymentChange) -> PaymentState:
        """See ``IPayment``."""
        return self.mischief.doubled(lambda: self._honest.refund(change))

    def query(self, payment: PaymentRef) -> PaymentState:
        """See ``IPayment``; the answer may be another than the true one."""
        state = self.mischief.reached(lambda: self._honest.query(payment))
        if state.status is PaymentStatus.INTENDED:
            return state
        if self.mischief.strikes(Fault.LYING):
            less = Money(state.amount.ore - _ONE_KRONE, state.amount.currency)
            return replace(state, amount=less)
        if self.mischief.strikes(Fault.FORGETTING):
            return PaymentState(payment.key, PaymentStatus.INTENDED, Money(0), "", "")
        return self._one_behind(state)

    def settlements(self, day: datetime.date) -> tuple[Settlement, ...]:
        """See ``IPayment``."""
        return self.mischief.reached(lambda: self._honest.settlements(day))

    def notice(self, message: Message) -> Reply:
        """See ``IPayment``; a message may be read as if it had come twice."""
        reply = self._honest.notice(message)
        if reply.keys and self.mischief.strikes(Fault.DUPLICATING):
            return replace(reply, keys=reply.keys * 2)
        return reply

    def _one_behind(self, state: PaymentState) -> PaymentState:
        before = self._store.get(_place(state.key))
        self._remember(state.key, state.status)
        is_behind = before is not None and before.decode() != state.status
        if before is not None and is_behind and self.mischief.strikes(Fault.OUT_OF_ORDER):
            return replace(state, status=PaymentStatus(before.decode()))
        return state

    def _remember(self, key: str, status: PaymentStatus) -> None:
        self._store.put(_place(key), status.encode(), self._now() + _REMEMBERED)


def _place(key: str) -> str:
    return f"told:{key}"


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the payment that misbehaves."""
    register.component(
        IPayment,
        FaultyPayment,
        help="The demo payment, misbehaving on purpose: to rehearse with.",
        settings=SETTINGS,
        demo_only=True,
        built_for="0.1",
        makes_faults=True,
        sends_to=("provider",),
    )
