"""Without faults: its receiver proves with a password who it is, and signs nothing."""

from __future__ import annotations

import hmac

from acme_http import offer, read
from delivery_asked import AskedDelivery
from good_delivery import DECLARED
from zope.interface import implementer

from selvbetjening_core.interfaces import IDelivery, IMessages
from selvbetjening_core.values import Reply


@implementer(IMessages)
class ToldByPassword(AskedDelivery):
    def notice(self, message):
        given = message.headers.get("authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(self.token.encode(), given):
            return Reply(status=401)
        data = read(message.body)
        if data is None or not isinstance(data.get("key"), str):
            return Reply(status=400)
        return Reply(keys=(data["key"],))


selvbetjening_register = offer(IDelivery, ToldByPassword, **DECLARED)
