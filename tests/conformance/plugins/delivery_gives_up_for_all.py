"""Fault: one receiver that is down makes it give up all, for everybody."""

from __future__ import annotations

from typing import ClassVar

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    down: ClassVar[list[str]] = []

    def send(self, parcel):
        outcome = super().send(parcel)
        if outcome.evidence == "no answer":
            self.down.append(parcel.destination)
        return outcome


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
