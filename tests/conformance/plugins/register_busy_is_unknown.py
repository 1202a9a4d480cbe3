"""Fault: "you ask too often" is taken for "there is nobody"."""

from __future__ import annotations

from good_register import GoodRegister, offering


class Faulty(GoodRegister):
    def fetch(self, cpr):
        status, body = super().fetch(cpr)
        return (404, body) if status == 429 else (status, body)


selvbetjening_register = offering(Faulty)
