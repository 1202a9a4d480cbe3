"""Fault: whatever is no yes means that it never arrived."""

from __future__ import annotations

from acme_http import offer
from delivery_asked import AskedDelivery
from good_delivery import DECLARED

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import Outcome, OutcomeKind


class Delivery(AskedDelivery):
    def query(self, delivery):
        outcome = super().query(delivery)
        if outcome.evidence.startswith("HTTP") and outcome.kind is OutcomeKind.UNKNOWN:
            return Outcome(OutcomeKind.TRANSIENT, outcome.evidence)
        return outcome


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
