"""Without faults: its receiver does not honour keys, and can be asked."""

from __future__ import annotations

from acme_http import Failed, exchange, offer
from good_delivery import DECLARED, GoodDelivery
from zope.interface import implementer

from selvbetjening_core.interfaces import IDelivery, IDeliveryQuery
from selvbetjening_core.values import Outcome, OutcomeKind, ResolvesUnknown


@implementer(IDeliveryQuery)
class AskedDelivery(GoodDelivery):
    resolves_unknown = ResolvesUnknown.QUERY

    def query(self, delivery):
        headers = {"Authorization": self.token}
        path = f"/cases?key={delivery.key}"
        try:
            status, data = exchange("GET", self.port, path, None, headers)
        except Failed:
            return Outcome(OutcomeKind.UNKNOWN, "no answer")
        if status == 404:
            return Outcome(OutcomeKind.TRANSIENT, "never arrived")
        if status != 200:
            return Outcome(OutcomeKind.UNKNOWN, f"HTTP {status}")
        return self.outcome(status, data)


selvbetjening_register = offer(IDelivery, AskedDelivery, **DECLARED)
