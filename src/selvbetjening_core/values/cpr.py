"""The Danish civil registration number, as a type that does not leak.

Source: the CPR office (cpr.dk). Since 1 October 2007 valid numbers are issued
that fail modulus 11, so modulus 11 is never tested here. Replacement numbers
(erstatningspersonnumre) have 60 added to the day.
"""

from __future__ import annotations

import datetime
import re

_SHAPE = re.compile(r"([0-9]{6})[- ]?([0-9]{4})", re.ASCII)
_REPLACEMENT_DAY = 60


class CprNumber:
    """A CPR number. ``str()`` and ``repr()`` are masked; ``reveal()`` is not.

    Every place that needs the digits has to say so by calling :meth:`reveal`,
    which makes the places easy to find and to audit. Equality and hashing
    compare the digits.

    :raises ValueError: if the text is not ten digits (a hyphen or a space after
        the sixth is accepted) that begin with a date. The message never
        contains the text.
    """

    __slots__ = ("_born", "_digits")

    def __init__(self, text: str) -> None:
        match = _SHAPE.fullmatch(text.strip())
        if match is None:
            raise ValueError("a CPR number is six digits, perhaps a hyphen, and four digits")
        self._digits = match.group(1) + match.group(2)
        try:
            self._born = _birth_date(self._digits)
        except ValueError:
            raise ValueError("a CPR number begins with a date (day, month, year)") from None

    def reveal(self) -> str:
        """The ten digits. Personal data: never into a log, address or title."""
        return self._digits

    @property
    def birth_date(self) -> datetime.date:
        """The date of birth, the century taken from the seventh digit."""
        return self._born

    def age_on(self, day: datetime.date) -> int:
        """Whole years of age on ``day``; 0 where the number says it is of somebody born later.

        Anybody can type such a number: those of the years to come are already known.
        """
        born = self.birth_date
        return max(0, day.year - born.year - ((day.month, day.day) < (born.month, born.day)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CprNumber) and other._digits == self._digits

    def __hash__(self) -> int:
        return hash(self._digits)

    def __repr__(self) -> str:
        return "CprNumber(******-****)"

    def __str__(self) -> str:
        return "******-****"


def _birth_date(digits: str) -> datetime.date:
    """:raises ValueError: there is no such date"""
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if day > _REPLACEMENT_DAY:
        day -= _REPLACEMENT_DAY
    return datetime.date(_century(int(digits[6]), year) + year, month, day)


def _century(seventh: int, year: int) -> int:
    """The century of birth by the CPR office's table for the seventh digit."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800
