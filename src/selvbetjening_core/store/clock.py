"""The clock of the database's machine, without asking it every time."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass

import sqlalchemy as sa

_ASK = sa.select(sa.func.clock_timestamp())
_KEPT_SECONDS = 2.0
_QUICK_SECONDS = 0.02
# Nobody sets it, and on Linux it goes on while the machine sleeps.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What it said, and when that was by the clock that counts here."""

    said: datetime.datetime
    here: float


class DatabaseClock:
    """Tells what the database's clock says: asked, or counted on from its last answer.

    Counted on for two seconds at most, from when the answer came, and only if it
    came quickly: so what is told is never before the database's clock, and at most
    20 milliseconds behind it. Threads may share one.
    """

    def __init__(self) -> None:
        self._last: _Answer | None = None

    def forget(self) -> None:
        """Ask the next time: it may be another machine by now."""
        self._last = None

    def now(self, connection: sa.Connection) -> datetime.datetime:
        """The time, in UTC."""
        last = self._last
        if last is not None:
            passed = time.clock_gettime(_CLOCK) - last.here
            if 0 <= passed < _KEPT_SECONDS:
                return last.said + datetime.timedelta(seconds=passed)
        return self.ask(connection)

    def ask(self, connection: sa.Connection) -> datetime.datetime:
        """The time, in UTC, as the database tells it now."""
        asked = time.clock_gettime(_CLOCK)
        found: datetime.datetime = connection.execute(_ASK).scalar_one()
        answered = time.clock_gettime(_CLOCK)
        said = found.astimezone(datetime.UTC)
        is_quick = answered - asked < _QUICK_SECONDS
        self._last = _Answer(said, answered) if is_quick else None
        return said
