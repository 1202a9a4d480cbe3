"""Fault: a function remembers every case, by ``functools``."""

from __future__ import annotations

import functools

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


@functools.cache
def mark(receipt_number):
    return receipt_number.lower()


class Delivery(GoodDelivery):
    def case(self, parcel):
        return {**super().case(parcel), "mark": mark(parcel.case.receipt_number)}


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
