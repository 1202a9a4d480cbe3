"""Without faults: what its receiver tells is sealed, with the proof inside."""

from __future__ import annotations

from acme_http import offer
from acme_receiver import opened
from delivery_asked import AskedDelivery
from good_delivery import DECLARED
from zope.interface import implementer

from selvbetjening_core.interfaces import IDelivery, IMessages
from selvbetjening_core.values import Reply


@implementer(IMessages)
class ToldSealed(AskedDelivery):
    def notice(self, message):
        data = opened(self.token, message.body)
        return Reply(status=401) if data is None else Reply(keys=(data["key"],))


selvbetjening_register = offer(IDelivery, ToldSealed, **DECLARED)
