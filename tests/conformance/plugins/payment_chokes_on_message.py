"""Fault: it reads a message before it looks at the proof."""

from __future__ import annotations

import json

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment


class Payment(GoodPayment):
    def notice(self, message):
        json.loads(message.body)["key"]
        return super().notice(message)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
