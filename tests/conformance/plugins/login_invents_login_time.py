"""Fault: when the person logged in there is taken from the time of the answer."""

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def logged_in_at(self, data):
        return self.moment(data, "iat")


selvbetjening_register = offering(Faulty)
