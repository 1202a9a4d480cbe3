"""Fault: a fact is of another type than is declared."""

from good_plate import GoodPlate, offering


class Faulty(GoodPlate):
    def facts(self, request):
        return {"": 7}


selvbetjening_register = offering(Faulty)
