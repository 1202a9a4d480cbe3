"""What an answer must be, for the stacks that have no such kinds of fields."""

from __future__ import annotations

import datetime
import re

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
PHONE = r"^([0-9]{8}|\+[0-9]{8,15})$"
POSTCODE = r"^[0-9]{4}$"
LEAST, MOST = 1, 20
_CPR = re.compile(r"[0-9]{6}-?[0-9]{4}", re.ASCII)


def is_cpr(text: str) -> bool:
    """Ten digits, of which the first six are a date."""
    if not _CPR.fullmatch(text):
        return False
    day, month, year = (int(text[place : place + 2]) for place in (0, 2, 4))
    try:
        datetime.date(2000 + year, month, day)
    except ValueError:
        return False
    return True
