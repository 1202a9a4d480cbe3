"""Fault: the address to log out at holds the CPR number, which it kept as its farewell."""

from good_login import GoodLogin, offering

from selvbetjening_core.values import Challenge


class Faulty(GoodLogin):
    def end(self, request):
        return Challenge(f"{self.url}/logged-out?who={request.farewell}")


selvbetjening_register = offering(Faulty)
