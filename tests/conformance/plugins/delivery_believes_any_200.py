"""Fault: it believes status 200, whatever stands in the answer."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def outcome(self, status, data):
        return super().outcome(status, data or {"case": ""})


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
