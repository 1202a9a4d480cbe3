"""Fault: a child without an address gets the parent's."""

from dataclasses import replace

from good_register import GoodRegister, offering

from selvbetjening_core.values import Child


class Faulty(GoodRegister):
    def child(self, data, parent):
        person = self.person(data)
        return Child(replace(person, address=person.address or parent.address), data["custody"])


selvbetjening_register = offering(Faulty)
