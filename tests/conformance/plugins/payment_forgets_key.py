"""Fault: a new idempotency key at every attempt."""

from __future__ import annotations

import uuid

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def repeat_key(self, order):
        return str(uuid.uuid4())


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
