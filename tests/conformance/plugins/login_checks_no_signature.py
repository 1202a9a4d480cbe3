"""Fault: who signed is not looked at, as long as somebody did."""

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def is_signed(self, algorithm, text, mark):
        return bool(mark) and algorithm in self.algorithms


selvbetjening_register = offering(Faulty)
