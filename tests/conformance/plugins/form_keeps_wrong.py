"""Fault: answers that would not be accepted today are kept."""

from good_form import GoodStep, offering


class Faulty(GoodStep):
    def recheck(self, state):
        return state


selvbetjening_register = offering(Faulty)
