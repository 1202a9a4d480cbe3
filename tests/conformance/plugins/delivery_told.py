"""Without faults: its receiver tells later, by a message, what became of a case."""

from __future__ import annotations

import hmac

from acme_http import offer, read
from acme_receiver import proof
from good_delivery import DECLARED, GoodDelivery
from zope.interface import implementer

from selvbetjening_core.interfaces import IDelivery, IMessages
from selvbetjening_core.values import (
    LateReceipt,
    Outcome,
    OutcomeKind,
    Reply,
    ResolvesUnknown,
)


@implementer(IMessages)
class ToldDelivery(GoodDelivery):
    resolves_unknown = ResolvesUnknown.INBOX

    def notice(self, message):
        given = message.headers.get("x-proof", "").encode("utf-8", "replace")
        if not hmac.compare_digest(proof(self.token, message.body).encode(), given):
            return Reply(status=401)
        data = read(message.body)
        if data is None or not isinstance(data.get("key"), str):
            return Reply(status=400)
        outcome = Outcome(OutcomeKind.DELIVERED, "told by message", data["case"])
        return Reply(receipts=(LateReceipt(data["key"], outcome),))


selvbetjening_register = offer(IDelivery, ToldDelivery, **DECLARED)
