"""Announcements about cases. Nothing personal."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass


class CaseEventKind(enum.StrEnum):
    """What happened to a case."""

    SUBMITTED = "submitted"
    DELIVERED = "delivered"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something happened to a case, and is committed.

    :param destination: of which delivery; empty where it is about the case
    :param at: UTC
    """

    kind: CaseEventKind
    municipality_code: str
    solution: str
    submission_id: str
    at: datetime.datetime
    destination: str = ""
