"""Fault: an error of the network comes out as it is."""

from __future__ import annotations

from acme_http import Failed, offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import OutcomeKind


class Delivery(GoodDelivery):
    def send(self, parcel):
        outcome = super().send(parcel)
        if outcome.kind is OutcomeKind.TRANSIENT and outcome.evidence == "no answer":
            raise Failed(sent=False)
        return outcome


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
