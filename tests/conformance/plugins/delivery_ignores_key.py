"""Fault: it declares safe_repeat and tells the receiver another key at every attempt."""

from __future__ import annotations

import uuid

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def repeat_key(self, parcel):
        return str(uuid.uuid4())


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
