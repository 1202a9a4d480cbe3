"""What every step of a journey works with."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.definitions.model import OfferedSolution
from selvbetjening_core.errors import NotFound
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.journey.ports import DeliveryQueue, Store
from selvbetjening_core.texts.formats import DANISH_TIME


@dataclass(frozen=True, slots=True)
class JourneyContext:
    """One municipality at work, and what its journeys need.

    :param now: the clock (UTC, aware)
    :param queue: where deliveries are put
    """

    municipality: Municipality
    store: Store
    now: Callable[[], datetime.datetime]
    queue: DeliveryQueue

    @property
    def code(self) -> str:
        """The kommunekode."""
        return self.municipality.code

    @property
    def today(self) -> datetime.date:
        """The date in Denmark, which decides ages, fees and deadlines."""
        return self.now().astimezone(DANISH_TIME).date()

    @property
    def kinds(self) -> Mapping[str, IFieldKind]:
        """Every field kind here, by name."""
        return dict(self.municipality.layer.getUtilitiesFor(IFieldKind))

    def offered(self, solution: str) -> OfferedSolution:
        """The solution as offered here.

        :raises NotFound: it is not offered here
        """
        found = self.municipality.solutions.get(solution)
        if found is None:
            raise NotFound(f'no solution "{solution}" here')
        return found
