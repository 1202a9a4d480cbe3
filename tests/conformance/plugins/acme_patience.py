"""How long the plugins of these tests wait for an answer.

A busy machine may take its time; what hangs on purpose is given up soon.
"""

from __future__ import annotations

LONG, SHORT = 20.0, 1.0

_waits = LONG


def seconds():
    """Seconds to wait for an answer, now."""
    return _waits


def expect(*, an_answer):
    """From now on there is an answer to wait for, or there is none."""
    global _waits  # noqa: PLW0603 - plugins ask for it wherever they are imported
    _waits = LONG if an_answer else SHORT
