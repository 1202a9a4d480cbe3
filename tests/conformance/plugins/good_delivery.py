"""A delivery plugin without faults: it may repeat, since its receiver honours keys."""

from __future__ import annotations

import acme_patience
from acme_http import Failed, exchange, offer
from zope.interface import implementer

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import (
    Data,
    Outcome,
    OutcomeKind,
    ResolvesUnknown,
    Setting,
    Verdict,
)
from selvbetjening_core.values.case_json import case_to_json

SETTINGS = (
    Setting("port", "number", "The receiver's port."),
    Setting("token", "secret", "What the receiver knows us by."),
)
READS = (Data.CPR, Data.NAME, Data.ADDRESS, Data.ANSWERS)
DECLARED = {"settings": SETTINGS, "reads": READS, "holds": "The whole case, for five years."}
KINDS = {400: OutcomeKind.PERMANENT, 429: OutcomeKind.TRANSIENT, 503: OutcomeKind.TRANSIENT}


@implementer(IDelivery)
class GoodDelivery:
    resolves_unknown = ResolvesUnknown.SAFE_REPEAT
    takes_attachments = False

    def __init__(self, context):
        self.context = context
        self.port = context.number("port")
        self.token = context.text("token")

    def accepts(self, parcel):
        is_small = len(parcel.attachments) == 0
        return Verdict(is_small, () if is_small else ("it takes no attachments",))

    def send(self, parcel):
        left = (parcel.deadline - self.context.now()).total_seconds()
        if left <= 0:
            return Outcome(OutcomeKind.TRANSIENT, "the time was up")
        if parcel.attachments and not self.takes_attachments:
            return Outcome(OutcomeKind.PERMANENT, "it takes no attachments")
        try:
            status, data = self.post(parcel, min(left, acme_patience.seconds()))
        except Failed as failed:
            kind = OutcomeKind.UNKNOWN if failed.sent else OutcomeKind.TRANSIENT
            return Outcome(kind, "no answer")
        return self.outcome(status, data)

    def post(self, parcel, timeout):
        headers = {"Authorization": self.token, "Idempotency-Key": self.repeat_key(parcel)}
        path = f"/cases?key={parcel.key}"
        return exchange("POST", self.port, path, self.case(parcel), headers, timeout)

    def repeat_key(self, parcel):
        return parcel.key

    def case(self, parcel):
        return case_to_json(parcel.case)

    def outcome(self, status, data):
        if status == 200 and data and "case" in data:
            return Outcome(OutcomeKind.DELIVERED, "HTTP 200", data["case"])
        return Outcome(KINDS.get(status, OutcomeKind.UNKNOWN), f"HTTP {status}")


selvbetjening_register = offer(IDelivery, GoodDelivery, **DECLARED)
