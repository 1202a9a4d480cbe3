"""Workers of all kinds that hold what is running, so that a reload waits for them."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from selvbetjening_core.composition.stack import Composition, Municipality
from selvbetjening_core.delivery.held import Held
from selvbetjening_core.delivery.worker import Worker
from selvbetjening_core.errors import ComponentMissing
from selvbetjening_core.journey.documents import receipt_document
from selvbetjening_core.journey.ports import Store
from selvbetjening_core.running import Current
from selvbetjening_core.schedule import Round, Scheduler
from selvbetjening_core.upkeep.tasks import OwnTask, Upkeep
from selvbetjening_core.values import CaseSnapshot, Document


@dataclass(frozen=True, slots=True)
class Documents:
    """Makes the documents of a case, with what is running now."""

    current: Current

    def __call__(self, case: CaseSnapshot) -> tuple[Document, ...]:
        """The documents. :raises ComponentMissing: there is nothing here to make them."""
        at = municipality_of(self.current.now.composition, case.municipality_code)
        return (receipt_document(at, case),)


class HoldingWorker(Worker):
    """Holds what is running as long as a step takes."""

    def __init__(self, current: Current, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._current = current

    def work(self, held: Held) -> bool:
        """See :class:`Worker`."""
        with self._current.hold():
            return super().work(held)


class HoldingScheduler(Scheduler):
    """Holds what is running as long as a round takes."""

    def __init__(
        self, current: Current, store: Store, lease: datetime.timedelta, also: Round
    ) -> None:
        super().__init__(store, lambda: municipalities_of(current), lease, also)
        self._current = current

    def run_due(self, stop: threading.Event | None = None) -> int:
        """See :class:`Scheduler`."""
        with self._current.hold():
            return super().run_due(stop)


class HoldingUpkeep(Upkeep):
    """Holds what is running as long as a round takes."""

    def __init__(self, current: Current, store: Store, tasks: Sequence[OwnTask]) -> None:
        super().__init__(store, lambda: municipalities_of(current), tasks)
        self._current = current

    def run_due(self, stop: threading.Event | None = None) -> int:
        """See :class:`Upkeep`."""
        with self._current.hold():
            return super().run_due(stop)


def municipalities_of(current: Current) -> Iterable[Municipality]:
    """The municipalities of what is running now."""
    return current.now.composition.municipalities.values()


def municipality_of(composition: Composition, code: str) -> Municipality:
    """The municipality. :raises ComponentMissing: a reload has taken it out."""
    found = composition.municipalities.get(code)
    if found is None:
        raise ComponentMissing(f"the municipality {code} is not here any more")
    return found
