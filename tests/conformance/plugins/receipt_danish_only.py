"""Fault: its own words are always Danish."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def locale(self, case):
        return "da"


selvbetjening_register = offering(Faulty)
