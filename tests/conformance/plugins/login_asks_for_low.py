"""Fault: the provider is always asked for the lowest level."""

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def level(self, request):
        return "low"


selvbetjening_register = offering(Faulty)
