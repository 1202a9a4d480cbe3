"""Fault: the minute is the key of a change."""

from __future__ import annotations

import time

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def change_repeat_key(self, change):
        return str(int(time.time() / 3600))


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
