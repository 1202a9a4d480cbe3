"""What every step of a journey works with."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.definitions.model import OfferedSolution
from selvbetjening_core.errors import NotFound
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.journey.ports import DeliveryQueue, Files, Store
from selvbetjening_core.texts.formats import DANISH_TIME
from selvbetjening_core.values import CaseEvent, CaseEventKind


def day_of(moment: datetime.datetime) -> datetime.date:
    """The date in Denmark at a moment."""
    return moment.astimezone(DANISH_TIME).date()


def to_nobody(event: CaseEvent) -> None:
    """Where nobody listens."""


@dataclass(frozen=True, slots=True)
class JourneyContext:
    """One municipality at work, and what its journeys need.

    :param now: the clock (UTC, aware)
    :param queue: where deliveries are put
    :param announce: told what happened to a case once it is committed; returns at once
    :param files: where the bytes of what citizens send along are kept; None: nowhere
    """

    municipality: Municipality
    store: Store
    now: Callable[[], datetime.datetime]
    queue: DeliveryQueue
    announce: Callable[[CaseEvent], None] = to_nobody
    files: Files | None = None

    @property
    def code(self) -> str:
        """The kommunekode."""
        return self.municipality.code

    @property
    def today(self) -> datetime.date:
        """The date in Denmark, which decides ages, fees and deadlines."""
        return day_of(self.now())

    @property
    def kinds(self) -> Mapping[str, IFieldKind]:
        """Every field kind here, by name."""
        return dict(self.municipality.layer.getUtilitiesFor(IFieldKind))

    def submitted(self, solution: str, submission_id: str) -> None:
        """Announce that a case was submitted. Call it after the commit."""
        self.announce(
            CaseEvent(CaseEventKind.SUBMITTED, self.code, solution, submission_id, self.now())
        )

    def offered(self, solution: str) -> OfferedSolution:
        """The solution as offered here.

        :raises NotFound: it is not offered here
        """
        found = self.municipality.solutions.get(solution)
        if found is None:
            raise NotFound(f'no solution "{solution}" here')
        return found
