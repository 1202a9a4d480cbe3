"""Fault: the value is no JSON data."""

from good_plate import GoodPlate, offering


class Faulty(GoodPlate):
    def prepared(self, text):
        return super().prepared(text)

    def node(self, request):
        node = super().node(request)
        node.preparer = lambda value: frozenset({self.prepared(value)})
        node.validator = None
        return node


selvbetjening_register = offering(Faulty)
