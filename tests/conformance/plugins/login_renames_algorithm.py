"""Fault: whatever the algorithm was, an accepted one is told."""

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def is_signed(self, algorithm, text, mark):
        return super().is_signed("HS256", text, mark)

    def opened(self, body):
        data = super().opened(body)
        return None if data is None else {**data, "alg": "HS256"}


selvbetjening_register = offering(Faulty)
