"""Fault: it keeps the order at hand in the component."""

from __future__ import annotations

import time

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def begin(self, order):
        self.order = order
        time.sleep(0.05)
        return super().begin(self.order)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
