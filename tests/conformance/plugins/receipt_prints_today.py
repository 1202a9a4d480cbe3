"""Fault: the day it was made stands on it."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def lines(self, case):
        yield from super().lines(case)
        yield f"{self.now():%Y-%m-%d}"


selvbetjening_register = offering(Faulty)
