"""Fault: every status but 200 is taken for "no such payment"."""

from __future__ import annotations

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def judged(self, status, found):
        return super().judged(404 if status in (429, 500, 503) else status, found)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
