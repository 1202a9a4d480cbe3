"""Fault: the address to log out at holds the CPR number."""

from good_login import GoodLogin, offering

from selvbetjening_core.values import Challenge


class Faulty(GoodLogin):
    def end(self, identity):
        return Challenge(f"{self.url}/logged-out?who={identity.cpr.reveal()}")


selvbetjening_register = offering(Faulty)
