"""Fault: it declares to read names alone, and sends CPR numbers."""

from __future__ import annotations

from acme_http import offer
from good_delivery import DECLARED, GoodDelivery

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import Data

selvbetjening_register = offer(IDelivery, GoodDelivery, **{**DECLARED, "reads": (Data.NAME,)})
