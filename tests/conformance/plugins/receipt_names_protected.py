"""Fault: everybody is named to everybody."""

from good_receipt import GoodReceipt, offering


class Faulty(GoodReceipt):
    def people(self, case):
        return case.parties.actor.name, case.parties.principal.name


selvbetjening_register = offering(Faulty)
