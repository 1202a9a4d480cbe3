"""Fault: the øre of an amount are left out."""

from __future__ import annotations

from good_receipt import GoodReceipt, offering

from selvbetjening_core.receipts import content_of


class Faulty(GoodReceipt):
    def lines(self, case):
        amount = content_of(case).paid.amount
        for line in super().lines(case):
            yield f"{case.payment.amount.ore // 100} kr." if line == amount else line


selvbetjening_register = offering(Faulty)
