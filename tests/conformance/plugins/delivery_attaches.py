"""A delivery plugin without faults that takes attachments."""

from __future__ import annotations

import base64

from acme_http import offer
from good_delivery import DECLARED as WITHOUT
from good_delivery import GoodDelivery

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import (
    Data,
    Outcome,
    OutcomeKind,
    Verdict,
    read_attachment,
)

DECLARED = {**WITHOUT, "reads": (*WITHOUT["reads"], Data.ATTACHMENTS)}


class Attaching(GoodDelivery):
    takes_attachments = True

    def accepts(self, parcel):
        return Verdict(ok=True)

    def send(self, parcel):
        try:
            return super().send(parcel)
        except OSError:
            return Outcome(OutcomeKind.TRANSIENT, "an attachment cannot be read")

    def case(self, parcel):
        attached = [base64.b64encode(self.content(one)).decode() for one in parcel.attachments]
        return {**super().case(parcel), "attachments": attached}

    def content(self, attachment):
        return b"".join(read_attachment(attachment))


selvbetjening_register = offer(IDelivery, Attaching, **DECLARED)
