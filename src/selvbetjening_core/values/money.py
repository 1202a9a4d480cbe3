"""Amounts of money, in whole øre."""

from __future__ import annotations

import re
from dataclasses import dataclass

AMOUNT = re.compile(r"(0|[1-9][0-9]{0,8})\.([0-9]{2})", re.ASCII)
"""How an amount is written in files."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the smallest unit of its currency (øre for DKK)."""

    ore: int
    currency: str = "DKK"

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read ``"225.00"``: digits, a point, two decimals; nothing else.

        :raises ValueError: for anything else, a negative amount among it.
        """
        match = AMOUNT.fullmatch(text)
        if match is None:
            raise ValueError('an amount is written with a point and two decimals: "225.00"')
        return cls(int(match.group(1)) * 100 + int(match.group(2)))

    def __str__(self) -> str:
        return f"{self.ore // 100}.{self.ore % 100:02d} {self.currency}"
