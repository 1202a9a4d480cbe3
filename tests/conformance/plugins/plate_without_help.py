"""Fault: the declaration is not whole."""

from dataclasses import replace

from good_plate import GoodPlate, offering


class Faulty(GoodPlate):
    declaration = replace(GoodPlate.declaration, help="")


selvbetjening_register = offering(Faulty)
