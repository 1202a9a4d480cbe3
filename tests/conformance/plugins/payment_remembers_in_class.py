"""Fault: it remembers payments in its class."""

from __future__ import annotations

from typing import ClassVar

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    references: ClassVar[dict[str, str]] = {}

    def begin(self, order):
        challenge = super().begin(order)
        self.references[order.key] = challenge.reference
        return challenge


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
