"""Fault: the proof of a message is checked where there is one."""

from __future__ import annotations

from acme_http import offer, read
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import Reply


class Payment(GoodPayment):
    def notice(self, message):
        if "x-proof" in message.headers:
            return super().notice(message)
        data = read(message.body) or {}
        key = data.get("key")
        return Reply(keys=(key,)) if isinstance(key, str) else Reply(status=400)


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
