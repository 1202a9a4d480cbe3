"""Fault: the number stands in the address that is asked."""

from good_register import GoodRegister, offering


class Faulty(GoodRegister):
    def path(self, cpr):
        return f"/household/{cpr.reveal()}"


selvbetjening_register = offering(Faulty)
