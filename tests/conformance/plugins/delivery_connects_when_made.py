"""Fault: making a component connects to the receiver."""

from __future__ import annotations

import contextlib

from acme_http import Failed, exchange, offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def __init__(self, context):
        super().__init__(context)
        with contextlib.suppress(Failed):
            exchange("GET", self.port, "/")


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
