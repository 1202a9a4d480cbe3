"""What looks like a CPR number, and a mask in its place: in texts, and in what logs are made of.

*In a text*, three rules, in this order:

1. Left as it is: a UUID of RFC 9562, and a hexadecimal word of 32, 40 or 64 characters
   (ids of traces, digests) that neither begins nor ends with ten digits by themselves.
2. Left as it is: ten digits in a row from 1600000000 to 2199999999 that a field tells as
   seconds since 1970, by one of the names in ``TIME_FIELDS`` and ``=`` or ``:`` before them.
3. Masked: six digits that are like a date, and four more, however they are parted, and no
   part of a longer number. Ten digits in a row only if they are a number that is given:
   their date exists in the century of the seventh digit. With a sign between, or with 60
   added to the day (a replacement number), the shape is enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from selvbetjening_core.values.cpr import CprNumber

MASK = "******-****"
TIME_FIELDS = ("time", "timestamp", "ts", "epoch", "iat", "nbf", "exp", "auth_time")
"""Names of fields whose ten digits are seconds. ``id`` is none: a person's may be the number."""

_UUID = (
    "(?<![0-9a-z-])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    "(?![0-9a-z-])"
)
# A number glued to a word stands at one of its ends.
_DIGEST = (
    "(?<![0-9a-z])(?![0-9]{10}[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})"
    "(?<![a-f][0-9]{10})(?![0-9a-z])"
)
_TIME = (
    rf"(?<![0-9a-z])(?:{'|'.join(TIME_FIELDS)})[\"']?\s?[:=]\s?[\"']?"
    "(?:1[6-9]|2[01])[0-9]{8}(?![0-9])"
)
_DAY = "(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_MONTH = "(?:0[1-9]|1[0-2])"
_BETWEEN = r"(?:\s?[-\u2010-\u2015]\s?|[ ./_+]|%2D|%20)?"
# Digits of a code for another sign are no part of the number behind it.
_CODED = r"(?<=%[0-9a-f]{2})|(?<=\\u[0-9a-f]{4})|(?<=\\x[0-9a-f]{2})"
# Like a date, and no part of a longer number: ids and times are left readable, as are
# seconds with a fraction, which is how a log's own lines tell the time.
_LIKE_CPR = (
    rf"(?:(?<![0-9])|{_CODED}){_DAY}[-. /]?{_MONTH}[-. /]?[0-9]{{2}}{_BETWEEN}[0-9]{{4}}"
    r"(?![0-9])(?!\.[0-9])"
)
_FOUND = re.compile(f"{_UUID}|{_DIGEST}|{_TIME}|(?P<cpr>{_LIKE_CPR})", re.IGNORECASE)
_IN_A_ROW = re.compile("[0-9]{10}")
_REPLACEMENT = frozenset("6789")
_DEEPEST, _MOST = 5, 1000
_LEFT_OUT = "(left out of the log)"


def masked(text: str) -> str:
    """``text`` with a mask in place of whatever looks like a CPR number, however it is parted.

    Takes time that is linear in the length of the text.
    """
    return _FOUND.sub(_shown, text)


def masked_values(value: Any, name: str = "") -> Any:
    """A value of a log's record, with everything masked in it that looks like a CPR number.

    Looked at are texts, bytes, numbers and exceptions, and those in mappings, lists, tuples
    and sets: 5 deep, and a thousand in all; what is beyond is left out. A value that needs
    no mask is given back as it is. Objects of other types are left alone: to ask one for
    its text may have effects.

    :param name: of the field that the value is in
    """
    return _Walk().value(value, name, 0)


class _Walk:
    """Through the values of one record, so many of them and no more."""

    def __init__(self) -> None:
        self._left = _MOST

    def value(self, value: Any, name: str, depth: int) -> Any:
        """It, or what is shown in its place."""
        self._left -= 1
        if isinstance(value, str):
            return _in_field(name, value)
        if isinstance(value, int | float | bytes | bytearray):
            return _unless_shown(value, name, str(value))
        if isinstance(value, BaseException):
            shown = _unless_shown(value, name, str(value))
            return _unless_shown(value, name, repr(value)) if shown is value else shown
        if isinstance(value, Mapping | list | tuple | set | frozenset):
            is_within = depth < _DEEPEST and len(value) <= self._left
            return self._inside(value, depth + 1) if is_within else _LEFT_OUT
        return value

    def _inside(self, values: Any, depth: int) -> Any:
        if isinstance(values, Mapping):
            pairs = [(key, values[key]) for key in values]
            shown = [
                (self.value(key, "", depth), self.value(one, _name(key), depth))
                for key, one in pairs
            ]
            is_same = all(a is c and b is d for (a, b), (c, d) in zip(pairs, shown, strict=True))
            return values if is_same else dict(shown)
        before = list(values)
        after = [self.value(one, "", depth) for one in before]
        is_same = all(one is other for one, other in zip(before, after, strict=True))
        if is_same:
            return values
        return after if isinstance(values, list) else tuple(after)


def _name(key: object) -> str:
    return key if isinstance(key, str) else ""


def _unless_shown(value: Any, name: str, text: str) -> Any:
    shown = _in_field(name, text)
    return value if shown == text else shown


def _in_field(name: str, text: str) -> str:
    """The text, masked as it would be after the name of its field."""
    if name.lower() not in TIME_FIELDS:
        shown = masked(text)
    else:
        shown = masked(f"{name}={text}")[len(name) + 1 :]
    return text if shown == text else shown


def _shown(found: re.Match[str]) -> str:
    number = found["cpr"]
    if number is None:
        return found[0]
    is_bare = _IN_A_ROW.fullmatch(number) and number[0] not in _REPLACEMENT
    return number if is_bare and not _is_of_a_day(number) else MASK


def _is_of_a_day(number: str) -> bool:
    try:
        CprNumber(number)
    except ValueError:
        return False
    return True
