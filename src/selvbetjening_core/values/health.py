"""Whether a part is able to work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Health:
    """One thing that was looked at.

    ``text`` is for operators: what was found, without personal data or secrets.
    """

    name: str
    is_ok: bool
    text: str = ""
