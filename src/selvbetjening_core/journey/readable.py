"""What is made at random to be read aloud and typed in again: receipt numbers, resume codes."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: easy to read aloud, and no words by accident (Crockford)."""
_GROUP = 4
_MISREAD = str.maketrans("ILO", "110")
_BETWEEN = " \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014."


def random_letters(count: int) -> str:
    """``count`` letters of the alphabet: five random bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def read_aloud(letters: str) -> str:
    """The letters in groups of four: ``7KQ4-M2XP``."""
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def as_made(typed: str, count: int) -> str:
    """What was typed as it was made; empty where it cannot have been made by us.

    Small letters, spaces and hyphens do no harm, nor do the letters that stand for the
    digits they look like.
    """
    letters = typed.translate({ord(one): None for one in _BETWEEN})
    if len(letters) != count or not letters.isascii():
        return ""
    letters = letters.upper().translate(_MISREAD)
    return letters if set(letters) <= set(ALPHABET) else ""
