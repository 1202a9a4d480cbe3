"""Fault: who gives up is told that the login failed."""

from good_login import GoodLogin, offering

from selvbetjening_core.values import Refusal


class Faulty(GoodLogin):
    def cancelled(self):
        return Refusal("failed")


selvbetjening_register = offering(Faulty)
