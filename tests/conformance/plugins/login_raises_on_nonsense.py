"""Fault: a message that cannot be decoded raises."""

from urllib.parse import parse_qs

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def code_of(self, message):
        return parse_qs(message.body.decode())["code"][0]


selvbetjening_register = offering(Faulty)
