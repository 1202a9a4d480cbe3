"""Fault: a number that is not known is an error."""

from good_register import GoodRegister, offering

from selvbetjening_core.errors import Unavailable


class Faulty(GoodRegister):
    def unknown(self, cpr):
        raise Unavailable("not found")


selvbetjening_register = offering(Faulty)
