"""Fault: a receiver that is down for a minute is told as a refusal for ever."""

from __future__ import annotations

from acme_http import Failed, offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def post(self, parcel, timeout):
        try:
            return super().post(parcel, timeout)
        except Failed as failed:
            if failed.sent:
                raise
            return 400, None


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
