"""Fault: it refuses a message that it has had before."""

from __future__ import annotations

from acme_http import offer
from good_payment import SETTINGS, GoodPayment

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import Reply


class Payment(GoodPayment):
    def notice(self, message):
        reply = super().notice(message)
        if reply.keys and not self.context.store.add(reply.keys[0], b"had"):
            return Reply(status=409)
        return reply


selvbetjening_register = offer(IPayment, Payment, settings=SETTINGS)
