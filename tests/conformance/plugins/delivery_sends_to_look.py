"""Fault: it finds out whether a parcel would be accepted by sending it."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import Verdict


class Delivery(GoodDelivery):
    def accepts(self, parcel):
        verdict = super().accepts(parcel)
        if verdict.ok:
            status, _ = self.post(parcel, 1.0)
            return Verdict(status == 200, ("refused",))
        return verdict


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
