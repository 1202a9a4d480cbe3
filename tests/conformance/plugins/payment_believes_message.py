"""Fault: it does not look at a message's proof."""

from __future__ import annotations

from dataclasses import replace

from acme_bank import proof
from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def notice(self, message):
        headers = {"x-proof": proof(self.token, message.body)}
        return super().notice(replace(message, headers=headers))


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
