"""Fault: the evidence, which is kept for years and shown to staff, names the citizen."""

from __future__ import annotations

from dataclasses import replace

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def send(self, parcel):
        outcome = super().send(parcel)
        who = parcel.case.parties.actor.name
        return replace(outcome, evidence=f"{outcome.evidence} for {who}")


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
