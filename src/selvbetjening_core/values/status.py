"""How a case stands at the system that handles it."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass


class CaseState(enum.StrEnum):
    """How far a case is, as its citizen needs to know it."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITS_FOR_CITIZEN = "waits_for_citizen"
    DECIDED = "decided"
    CLOSED = "closed"
    NOT_KNOWN = "not_known"
    """The receiver does not know the case."""


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """What the receiver says of one case.

    ``text`` is the receiver's own sentence for the citizen, in the language
    asked for; empty where it has none. ``changed_at`` is UTC.
    """

    state: CaseState
    text: str = ""
    changed_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """Ask about the case that one delivery became."""

    key: str
    remote_reference: str
    locale: str
