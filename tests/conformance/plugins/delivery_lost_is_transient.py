"""Fault: it calls a lost answer transient, as if nothing had been sent."""

from __future__ import annotations

from acme_http import Failed, offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def post(self, parcel, timeout):
        try:
            return super().post(parcel, timeout)
        except Failed:
            raise Failed(sent=False) from None


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
