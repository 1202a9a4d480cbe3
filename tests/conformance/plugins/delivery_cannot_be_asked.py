"""Fault: it declares query, and has nothing to ask."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import ResolvesUnknown


class Delivery(GoodDelivery):
    resolves_unknown = ResolvesUnknown.QUERY


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
