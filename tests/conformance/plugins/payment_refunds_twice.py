"""Fault: a new idempotency key at every attempt to pay back."""

from __future__ import annotations

import uuid

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def change_repeat_key(self, change):
        return str(uuid.uuid4())


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
