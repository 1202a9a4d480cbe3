"""Fault: a missing audience is filled in with what it should have been."""

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def audience(self, data):
        return data.get("aud", "https://selvbetjening.mors.example")


selvbetjening_register = offering(Faulty)
