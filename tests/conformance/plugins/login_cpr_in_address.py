"""Fault: the address to log out at holds the CPR number, which it kept as its farewell."""

from dataclasses import replace

from good_login import GoodLogin, offering

from selvbetjening_core.values import Challenge, Claims


class Faulty(GoodLogin):
    def complete(self, message):
        found = super().complete(message)
        if not isinstance(found, Claims):
            return found
        return replace(found, farewell=found.attributes.get("cpr", ""))

    def end(self, request):
        return Challenge(f"{self.url}/logged-out?who={request.farewell}")


selvbetjening_register = offering(Faulty)
