"""How long a login lasts: one table, by how sure it is of who logged in.

Without use, 30 minutes for what most solutions ask for and 15 for the highest level:
the figures of NIST SP 800-63B for its levels 2 and 3. In all, a day's work, and an hour
for the highest level, which opens what a stranger at the screen could do most harm with.
A citizen loses nothing by it: sent answers are saved, and the page warns in time.
Staff look after deliveries through a working day, in an office.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from selvbetjening_core.journey.records import StaffSession, WebSession
from selvbetjening_core.values import AssuranceLevel, Guest


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a login lasts.

    :param idle: without doing anything
    :param longest: whatever is done
    """

    idle: datetime.timedelta
    longest: datetime.timedelta

    @property
    def idle_minutes(self) -> int:
        """For telling people."""
        return int(self.idle.total_seconds()) // 60

    def end(self, created_at: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
        """When a login of ``created_at`` ends if nothing is done after ``now``."""
        return min(now + self.idle, created_at + self.longest)


USUAL_LIMITS = SessionLimits(datetime.timedelta(minutes=30), datetime.timedelta(hours=8))
"""What most people have."""

CITIZEN_LIMITS: Mapping[AssuranceLevel, SessionLimits] = MappingProxyType(
    {
        AssuranceLevel.LOW: USUAL_LIMITS,
        AssuranceLevel.SUBSTANTIAL: USUAL_LIMITS,
        AssuranceLevel.HIGH: SessionLimits(
            datetime.timedelta(minutes=15), datetime.timedelta(hours=1)
        ),
    }
)
"""By the level that the citizen logged in on, whatever the solution asks for."""

GUEST_LIMITS = USUAL_LIMITS
"""For whoever uses a solution without login: the screen may be anybody's, as with others."""

STAFF_LIMITS = USUAL_LIMITS
"""For members of staff, whose login is of level substantial or more."""


def limits_of(session: WebSession | StaffSession) -> SessionLimits:
    """The limits that a session was made under."""
    if isinstance(session, StaffSession):
        return STAFF_LIMITS
    if isinstance(session.identity, Guest):
        return GUEST_LIMITS
    return CITIZEN_LIMITS[session.identity.level]
