"""Fault: a child who lives at home is told of once more among the others who live there."""

from dataclasses import replace

from good_register import GoodRegister, offering


class Faulty(GoodRegister):
    def read(self, data):
        found = super().read(data)
        at_home = (one.person for one in found.children)
        return replace(found, others=tuple(at_home))


selvbetjening_register = offering(Faulty)
