"""Fault: the address it sends to holds a CPR number."""

from __future__ import annotations

from acme_http import exchange, offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def post(self, parcel, timeout):
        headers = {"Authorization": self.token, "Idempotency-Key": parcel.key}
        cpr = parcel.case.parties.principal.cpr.reveal()
        path = f"/cases?key={parcel.key}&citizen={cpr}"
        return exchange("POST", self.port, path, self.case(parcel), headers, timeout)


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
