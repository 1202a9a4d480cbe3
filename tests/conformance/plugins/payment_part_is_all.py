"""Fault: a part paid back is told as if all had been."""

from __future__ import annotations

from dataclasses import replace

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import PaymentStatus


class Payment(GoodPayment):
    def refund(self, change):
        return replace(super().refund(change), status=PaymentStatus.REFUNDED)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
