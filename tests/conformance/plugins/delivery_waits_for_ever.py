"""Fault: it has a time limit of its own, and none for the parcel's deadline."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def post(self, parcel, timeout):
        return super().post(parcel, 4.0)


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
