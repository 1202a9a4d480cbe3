"""Fault: settlements are in whole kroner."""

from __future__ import annotations

from dataclasses import replace

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import Money


class Payment(GoodPayment):
    def settlements(self, day):
        rows = super().settlements(day)
        return tuple(replace(row, amount=Money(row.amount.ore // 100 * 100)) for row in rows)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
