"""Fault: the secret stands in what it raises."""

from __future__ import annotations

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def judged(self, status, found):
        if status == 401:
            raise Unavailable(f"the token {self.token} is refused")
        return super().judged(status, found)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
