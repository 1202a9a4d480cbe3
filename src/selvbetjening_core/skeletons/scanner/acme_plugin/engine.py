"""Acme's own engine: what you fill in."""

from __future__ import annotations

# In two parts, so that scanners do not find it in this very file.
_TEST_VIRUS = b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!"

OVERLAP = len(_TEST_VIRUS) - 1
"""How many bytes of a piece are seen again with the next one."""


def find(content: bytes) -> str:
    """The name of what is found in ``content``; empty if nothing is.

    Nothing of the content itself: the name is shown and kept.
    """
    return "EICAR test virus" if _TEST_VIRUS in content else ""
