"""Fault: children are asked for by themselves, and left out when that fails."""

from __future__ import annotations

from dataclasses import replace

from good_register import GoodRegister, offering

from selvbetjening_core.errors import Unavailable


class Faulty(GoodRegister):
    def household(self, cpr):
        found = super().household(cpr)
        try:
            children = found and super().household(cpr).children
        except Unavailable:
            children = ()
        return found and replace(found, children=children)


selvbetjening_register = offering(Faulty)
