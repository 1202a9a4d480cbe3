"""Fault: it says that the provider vouches, where nobody said so."""

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def voucher(self, data):
        return self.issuer


selvbetjening_register = offering(Faulty)
