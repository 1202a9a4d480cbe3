"""Fault: what the provider once said of a payment stays so."""

from __future__ import annotations

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def __init__(self, context):
        super().__init__(context)
        self.known = {}

    def query(self, payment):
        if payment not in self.known:
            self.known[payment] = super().query(payment)
        return self.known[payment]

    def change(self, what, change):
        self.known.clear()
        state = super().change(what, change)
        self.known.clear()
        return state


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
