"""Words that both parts of the catalogue in Markdown use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_NOT_STATED = "not stated"
NO_DATA = "no personal data"


def plain(text: str) -> str:
    """What others wrote, on one line and without signs that Markdown would take for its own."""
    words = " ".join(text.split()) or _NOT_STATED
    for sign in ("\\", "|", "<", "`", "*", "["):
        words = words.replace(sign, f"\\{sign}")
    return words


def role_words(roles: Mapping[str, Iterable[str]]) -> str:
    """The roles by solution."""
    return ", ".join(f"{solution}: {' and '.join(filled)}" for solution, filled in roles.items())
