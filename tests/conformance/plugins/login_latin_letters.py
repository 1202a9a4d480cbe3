"""Fault: the provider's UTF-8 is read as Latin-1."""

from __future__ import annotations

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def claims(self, data):
        name = data.get("name", "").encode().decode("latin-1")
        return super().claims({**data, "name": name})


selvbetjening_register = offering(Faulty)
