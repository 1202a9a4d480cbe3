"""Fault: it remembers in its module what it has sent."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery

SENT = {}


class Delivery(GoodDelivery):
    def send(self, parcel):
        outcome = super().send(parcel)
        SENT[parcel.key] = outcome.kind
        return outcome


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
