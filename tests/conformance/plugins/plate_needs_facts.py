"""Fault: it takes for granted that somebody is known."""

from good_plate import GoodPlate, offering


class Faulty(GoodPlate):
    def node(self, request):
        if request.facts is not None and "actor" not in request.facts:
            raise KeyError("actor")
        return super().node(request)


selvbetjening_register = offering(Faulty)
