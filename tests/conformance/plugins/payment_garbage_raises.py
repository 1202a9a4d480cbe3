"""Fault: an answer that is no JSON comes out as an error of its own."""

from __future__ import annotations

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def judged(self, status, found):
        if found is None and status == 200:
            raise ValueError("no JSON")
        return super().judged(status, found)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
