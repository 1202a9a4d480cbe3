"""Fault: the CPR number stands on it, for the caseworker."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def people(self, case):
        yield from super().people(case)
        yield case.parties.principal.cpr.reveal()


selvbetjening_register = offering(Faulty)
