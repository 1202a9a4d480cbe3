"""Fault: when the provider is away, the citizen is told to have given up."""

from good_login import GoodLogin, offering

from selvbetjening_core.errors import Unavailable


class Faulty(GoodLogin):
    def complete(self, message):
        try:
            return super().complete(message)
        except Unavailable:
            return self.cancelled()


selvbetjening_register = offering(Faulty)
