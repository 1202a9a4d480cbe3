"""Fault: it does not say which contract version it was built for."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery

selvbetjening_register = offer(IDelivery, GoodDelivery, **{**DECLARED, "built_for": ""})
