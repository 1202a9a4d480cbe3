"""Fault: it tries for ever what the receiver refuses."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def outcome(self, status, data):
        return super().outcome(503 if status == 400 else status, data)


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
