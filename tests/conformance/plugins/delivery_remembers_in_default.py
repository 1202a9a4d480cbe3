"""Fault: the default of an argument remembers what was sent."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def case(self, parcel, sent=[]):  # noqa: B006 - the fault
        sent.append(parcel.key)
        return super().case(parcel)


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
