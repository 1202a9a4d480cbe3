"""Fault: øre become kroner with a point, and are cut when they come back."""

from __future__ import annotations

from dataclasses import replace

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import Money


class Payment(GoodPayment):
    def begin(self, order):
        kroner = order.amount.ore / 100
        amount = Money(int(kroner * 100), order.amount.currency)
        return super().begin(replace(order, amount=amount))


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
