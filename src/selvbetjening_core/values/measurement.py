"""What is measured of journeys. Nothing personal."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass

from selvbetjening_core.values.identity import Channel


class Measured(enum.StrEnum):
    """What happened."""

    STARTED = "started"
    COMPLETED = "completed"
    SATISFACTION = "satisfaction"
    """The citizen answered how it went; ``score`` says what."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing that happened once. Holds nothing that points to a person.

    :param day: the date in Denmark; the time of day is not kept
    :param score: 1 (bad) to 5 (good), for ``satisfaction`` alone
    """

    what: Measured
    municipality_code: str
    solution: str
    definition_version: str
    channel: Channel
    day: datetime.date
    score: int = 0
