"""Fault: it waits longer for the provider than anybody waits for it."""

from __future__ import annotations

import time

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def ask(self, method, path, data=None, key=""):
        begun = time.monotonic()
        try:
            return super().ask(method, path, data, key)
        finally:
            if time.monotonic() - begun > 0.9:
                time.sleep(11)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
