"""Fault: it cannot write every text that a citizen can."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def case(self, parcel):
        for group in parcel.case.groups:
            for answer in group.answers:
                answer.text.encode("utf-8")
        return super().case(parcel)


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
