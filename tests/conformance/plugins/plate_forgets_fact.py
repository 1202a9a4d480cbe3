"""Fault: a fact is given that is not declared."""

from good_plate import GoodPlate, offering


class Faulty(GoodPlate):
    def facts(self, request):
        return {"": request.value, "letters": request.value[:2]}


selvbetjening_register = offering(Faulty)
