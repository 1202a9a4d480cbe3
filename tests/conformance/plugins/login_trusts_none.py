"""Fault: an answer that says that it needs no signature is believed."""

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def is_signed(self, algorithm, text, mark):
        return algorithm == "none" or super().is_signed(algorithm, text, mark)


selvbetjening_register = offering(Faulty)
