"""Fault: when it was asked has no time zone."""

from dataclasses import replace

from good_register import GoodRegister, offering


class Faulty(GoodRegister):
    def read(self, data):
        found = super().read(data)
        return replace(found, retrieved_at=found.retrieved_at.replace(tzinfo=None))


selvbetjening_register = offering(Faulty)
