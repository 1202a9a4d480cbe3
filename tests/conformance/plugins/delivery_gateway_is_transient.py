"""Fault: it is asked what became of it, and takes a go-between's 504 for "not arrived"."""

from __future__ import annotations

from acme_http import offer
from delivery_asked import AskedDelivery
from good_delivery import DECLARED

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import Outcome, OutcomeKind


class Delivery(AskedDelivery):
    def send(self, parcel):
        outcome = super().send(parcel)
        if outcome.evidence == "HTTP 504":
            return Outcome(OutcomeKind.TRANSIENT, outcome.evidence)
        return outcome


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
