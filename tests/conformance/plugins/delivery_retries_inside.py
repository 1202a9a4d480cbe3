"""Fault: it tries again by itself, and its receiver honours no keys."""

from __future__ import annotations

import uuid

from acme_http import Failed, offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import ResolvesUnknown


class Delivery(GoodDelivery):
    resolves_unknown = ResolvesUnknown.PERSON

    def repeat_key(self, parcel):
        return str(uuid.uuid4())

    def post(self, parcel, timeout):
        try:
            return super().post(parcel, timeout / 3)
        except Failed:
            return super().post(parcel, timeout / 3)


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
