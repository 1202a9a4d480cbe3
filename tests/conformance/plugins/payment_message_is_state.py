"""Fault: what the last message said is how the payment stands."""

from __future__ import annotations

from dataclasses import replace

from acme_http import offer, read
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import PaymentStatus


class Payment(GoodPayment):
    def notice(self, message):
        reply = super().notice(message)
        for key in reply.keys:
            self.context.store.put(key, read(message.body)["status"].encode())
        return reply

    def query(self, payment):
        state, told = super().query(payment), self.context.store.get(payment.key)
        return replace(state, status=PaymentStatus(told.decode())) if told else state


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
