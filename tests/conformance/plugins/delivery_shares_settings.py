"""Fault: the settings of the component made last are those of all."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery


class Delivery(GoodDelivery):
    def __init__(self, context):
        super().__init__(context)
        Delivery.port = self.__dict__.pop("port")


selvbetjening_register = offer(IDelivery, Delivery, **DECLARED)
