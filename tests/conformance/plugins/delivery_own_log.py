"""Fault: it logs what it sends, to a log of its own that nobody else hears."""

from __future__ import annotations

import logging

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery

LOG = logging.getLogger("acme.sent")
LOG.propagate = False
LOG.addHandler(logging.NullHandler())


class Delivery(GoodDelivery):
    def case(self, parcel):
        data = super().case(parcel)
        LOG.info("sending %s", data)
        return data


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
