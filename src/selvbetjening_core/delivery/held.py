"""What a worker holds, and the times that it keeps to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from selvbetjening_core.journey.records import Attempt, Delivery, DeliveryState


@dataclass(frozen=True, slots=True)
class Limits:
    """Times that a worker keeps to.

    :param attempt: how long one attempt may take; told to the plugin
    :param lease: how long a row is held from the last sign of life of its worker
    """

    attempt: datetime.timedelta = datetime.timedelta(seconds=30)
    lease: datetime.timedelta = datetime.timedelta(seconds=10)

    @property
    def longest(self) -> datetime.timedelta:
        """How long a step may take: an attempt, and a lease for all around it."""
        return self.attempt + self.lease


COMMON_LIMITS = Limits()
"""The times, unless the installation says otherwise."""


@dataclass(frozen=True, slots=True)
class Held:
    """A row this worker holds; ``abandoned`` is its last worker's unfinished attempt."""

    municipality: str
    delivery: Delivery
    abandoned: Attempt | None

    @property
    def number(self) -> int:
        """Of the attempt this worker makes."""
        return self.delivery.attempts + 1

    @property
    def name(self) -> tuple[str, str]:
        """What tells its row from all others."""
        return self.municipality, self.delivery.id

    @property
    def is_accepted(self) -> bool:
        """Did the receiver take it, and has not confirmed it yet?"""
        return self.delivery.state is DeliveryState.ACCEPTED_PENDING

    @property
    def described(self) -> str:
        """For the log. No personal data."""
        one = self.delivery
        return (
            f"delivery {one.id} in municipality {self.municipality}"
            f" (destination {one.destination!r}, component {one.component!r})"
        )
