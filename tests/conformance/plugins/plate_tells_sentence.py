"""Fault: a sentence is raised in place of a code."""

import colander
from good_plate import PLATE, GoodPlate, offering


class Faulty(GoodPlate):
    def check(self, node, value):
        if PLATE.fullmatch(value) is None:
            raise colander.Invalid(node, "That is not a number plate.")


selvbetjening_register = offering(Faulty)
