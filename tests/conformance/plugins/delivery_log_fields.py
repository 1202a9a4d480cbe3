"""Fault: a CPR number is no word of a log line, and a field beside it."""

from __future__ import annotations

import logging

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def case(self, parcel):
        citizen = parcel.case.parties.principal.cpr.reveal()
        logging.getLogger("acme").info("sending", extra={"citizen": citizen})
        return super().case(parcel)


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
