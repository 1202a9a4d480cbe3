"""Fault: something odd raises what is no colander.Invalid."""

from good_plate import GoodPlate, offering


class Faulty(GoodPlate):
    def check(self, node, value):
        int(value[2:].encode("ascii"))
        super().check(node, value)


selvbetjening_register = offering(Faulty)
