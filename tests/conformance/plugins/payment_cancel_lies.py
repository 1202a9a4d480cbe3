"""Fault: it tells everything as cancelled that it was asked to cancel."""

from __future__ import annotations

from dataclasses import replace

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import PaymentStatus


class Payment(GoodPayment):
    def cancel(self, change):
        return replace(super().cancel(change), status=PaymentStatus.CANCELLED)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
