"""Fault: name and address protection is lost on the way."""

from good_register import GoodRegister, offering


class Faulty(GoodRegister):
    def protected(self, data):
        return False


selvbetjening_register = offering(Faulty)
