"""Fault: when the register is away, nobody is known."""

from good_register import GoodRegister, offering


class Faulty(GoodRegister):
    def away(self):
        return 404, b""


selvbetjening_register = offering(Faulty)
