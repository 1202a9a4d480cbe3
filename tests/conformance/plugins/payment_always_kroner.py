"""Fault: it takes every currency for kroner."""

from __future__ import annotations

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def ask(self, method, path, data=None, key=""):
        if data and path == "/payments":
            data = {**data, "currency": "DKK"}
        return super().ask(method, path, data, key)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
