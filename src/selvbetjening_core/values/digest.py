"""What the people who look after deliveries are told once a day. Nothing personal."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass


class Trouble(enum.StrEnum):
    """Why a delivery is told of."""

    PARKED = "parked"
    """It waits for a person."""
    OVERDUE = "overdue"
    """It is tried, or awaited, for longer than the municipality has set."""


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One delivery that somebody has to know of. Holds nothing that points to a person.

    :param receipt_number: the number on the citizen's receipt
    :param destination: what it is delivered to, in Danish, and ``component`` what fills it
    :param since: when it was accepted
    :param reason: why it is not delivered, in Danish, as staff read it on their pages; may be
        empty
    """

    receipt_number: str
    destination: str
    component: str
    trouble: Trouble
    since: datetime.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What is parked or overdue in one municipality on one day. Nothing personal.

    :param key: the same at every repeat of the same day's
    :param authority: the municipality's name
    :param day: the date in Denmark
    :param made_at: when it was put together
    :param parked: how many deliveries are parked
    :param lines: the oldest of what is parked or overdue; empty: nothing is
    :param has_more: there are more than the lines tell of
    :param url: the page where all of it is seen; empty: there is none
    """

    key: str
    municipality_code: str
    authority: str
    day: datetime.date
    made_at: datetime.datetime
    parked: int
    lines: tuple[DigestLine, ...]
    has_more: bool = False
    url: str = ""
