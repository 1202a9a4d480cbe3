"""What a scanner says of a file."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ScanResult(enum.StrEnum):
    """Whether a file may go on. Only ``clean`` lets it."""

    CLEAN = "clean"
    INFECTED = "infected"
    REFUSED = "refused"
    """Nobody can tell what is in it (encrypted, too deep, damaged)."""


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """The result, and the scanner's name for what it found (no personal data)."""

    result: ScanResult
    finding: str = ""
