"""Reading a Danish account number: a registration number and a number of the account.

What is typed is two texts. Whoever pastes both into the first, with a space or
a hyphen between them or as fourteen digits, is understood too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

REGISTRATION, ACCOUNT = 0, 1
"""The parts, in the order of the inputs."""

_BETWEEN = re.compile(r"[ \u00a0.\-]")
_REGISTRATION = re.compile(r"[0-9]{1,4}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{1,10}", re.ASCII)
_BOTH = re.compile(r"([0-9]{4})[ \u00a0\-]?([0-9 \u00a0.\-]+)", re.ASCII)


def parts(typed: Sequence[str]) -> tuple[str, str]:
    """Registration number and account number, each as it was typed."""
    first, second = (text.strip() for text in typed)
    both = None if second else _BOTH.fullmatch(first)
    return (both.group(1), both.group(2)) if both else (first, second)


def digits(part: int, text: str) -> str | None:
    """The part with zeros in front, four or ten digits; None for what is no such number."""
    plain = _BETWEEN.sub("", text)
    shape, length = ((_REGISTRATION, 4), (_ACCOUNT, 10))[part]
    is_number = shape.fullmatch(plain) is not None and plain.strip("0") != ""
    return plain.zfill(length) if is_number else None


def bad_parts(typed: Sequence[str]) -> frozenset[int]:
    """Which parts cannot be right; both when none stands out."""
    bad = {part for part, text in enumerate(parts(typed)) if digits(part, text) is None}
    return frozenset(bad or (REGISTRATION, ACCOUNT))
