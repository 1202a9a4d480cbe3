"""Fault: a message with a good proof is read without looking."""

from __future__ import annotations

import json

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import Reply


class Payment(GoodPayment):
    def notice(self, message):
        reply = super().notice(message)
        return reply if reply.status == 401 else Reply(keys=(json.loads(message.body)["key"],))


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
