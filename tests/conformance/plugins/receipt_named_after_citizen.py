"""Fault: its file name holds the citizen's."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def name(self, case):
        return f"kvittering {case.parties.actor.name}.html"


selvbetjening_register = offering(Faulty)
