"""Fault: a browser that comes back with our key is a message."""

from __future__ import annotations

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import Reply


class Payment(GoodPayment):
    def notice(self, message):
        if message.method == "GET" and "key" in message.query:
            return Reply(keys=(message.query["key"],))
        return super().notice(message)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
