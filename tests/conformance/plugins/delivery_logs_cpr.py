"""Fault: it writes what it sends into the log at the level DEBUG."""

from __future__ import annotations

import logging

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery

log = logging.getLogger(__name__)


class Delivery(GoodDelivery):
    def case(self, parcel):
        case = super().case(parcel)
        log.debug("sending for %s", case["parties"]["principal"]["cpr"])
        return case


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
