"""Fault: whoever was asked about once is never asked about again."""

from __future__ import annotations

from good_register import GoodRegister, offering


class Faulty(GoodRegister):
    def __init__(self, context):
        super().__init__(context)
        self.known = {}

    def household(self, cpr):
        if cpr not in self.known:
            self.known[cpr] = super().household(cpr)
        return self.known[cpr]


selvbetjening_register = offering(Faulty)
