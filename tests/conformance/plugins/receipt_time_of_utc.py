"""Fault: the time stands on it as it is in UTC."""

from __future__ import annotations

from good_receipt import GoodReceipt, offering

from selvbetjening_core.receipts import content_of


class Faulty(GoodReceipt):
    def lines(self, case):
        received = content_of(case).received.words
        for line in super().lines(case):
            yield f"{case.received_at:%d.%m.%Y %H.%M}" if line == received else line


selvbetjening_register = offering(Faulty)
