"""Fault: who lives with a child is taken to have custody."""

from good_register import GoodRegister, offering

from selvbetjening_core.values import Child


class Faulty(GoodRegister):
    def child(self, data, parent):
        person = self.person(data)
        return Child(person, person.address == parent.address)


selvbetjening_register = offering(Faulty)
