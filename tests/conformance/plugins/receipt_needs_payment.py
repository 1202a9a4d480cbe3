"""Fault: what was free has no receipt."""

from __future__ import annotations

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def lines(self, case):
        yield from super().lines(case)
        yield f"{case.payment.paid_at.year}"


selvbetjening_register = offering(Faulty)
