"""Fault: it keeps the parcel at hand in the component, between two of its own steps."""

from __future__ import annotations

import time

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def post(self, parcel, timeout):
        self.parcel = parcel
        time.sleep(0.05)
        return super().post(self.parcel, timeout)


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
