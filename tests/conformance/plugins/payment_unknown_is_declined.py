"""Fault: what the provider does not know is told as declined."""

from __future__ import annotations

from dataclasses import replace

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import PaymentStatus


class Payment(GoodPayment):
    def query(self, payment):
        state = super().query(payment)
        if state.status is PaymentStatus.INTENDED:
            return replace(state, status=PaymentStatus.DECLINED)
        return state


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
