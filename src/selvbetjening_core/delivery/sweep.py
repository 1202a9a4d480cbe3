"""Finding in the ledger what is due, whatever became of its job."""

from __future__ import annotations

import collections
import logging
import random
import threading
from collections.abc import Callable, Iterable

from selvbetjening_core.delivery.hands import Hands

logger = logging.getLogger(__name__)


def about(seconds: float) -> float:
    """Half as long to half as long again: what was started together does not stay together."""
    return seconds * (0.5 + random.random())  # noqa: S311 - protects nothing


def tell(municipality: str, error: Exception) -> None:
    """Log that something went wrong, by its kind: its words may show values."""
    logger.error("delivery in %s stopped for a moment: %s", municipality, type(error).__name__)


class Sweep:
    """Looks through the ledgers of all municipalities, again and again.

    Where something is due, it goes on until nothing is: at first with one hand,
    then with more, as long as each finds something. Municipalities take turns.

    :param work_one: one step in one municipality; False if nothing is due
    :param stop: once it is set, nothing more is begun
    :param seconds: how long, about, from one round to the next
    """

    def __init__(
        self,
        work_one: Callable[[str], bool],
        municipalities: Callable[[], Iterable[str]],
        hands: Hands,
        stop: threading.Event,
        seconds: float,
    ) -> None:
        self._work_one = work_one
        self._municipalities = municipalities
        self._hands = hands
        self._stop = stop
        self._seconds = seconds
        self._looking: collections.Counter[str] = collections.Counter()
        self._asked: set[str] = set()
        self._counting = threading.Lock()

    def run(self) -> None:
        """Sweep until it has to stop."""
        while not self._stop.wait(about(self._seconds)):
            try:
                for code in self._municipalities():
                    self.go_on(code)
            except Exception as error:  # noqa: BLE001 - the list of municipalities may fail, too
                logger.error("a sweep failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may show values

    def go_on(self, municipality: str) -> None:
        """There may be more to do here: look, soon."""
        with self._counting:
            # Whoever looks just now may have looked too early.
            self._asked.add(municipality)
        self._begin(municipality, at_most=1)

    def _begin(self, municipality: str, at_most: int) -> None:
        with self._counting:
            if self._stop.is_set() or self._looking[municipality] >= at_most:
                return
            self._looking[municipality] += 1
        self._hands.begin(lambda: self._step(municipality))

    def _step(self, municipality: str) -> None:
        found = False
        with self._counting:
            self._asked.discard(municipality)
        try:
            found = not self._stop.is_set() and self._work_one(municipality)
        except Exception as error:  # noqa: BLE001 - the worker outlives a full disk
            tell(municipality, error)
        finally:
            with self._counting:
                self._looking[municipality] -= 1
                is_asked = municipality in self._asked
        if is_asked:
            self._begin(municipality, at_most=1)
        if found:
            for _ in range(2):
                self._begin(municipality, at_most=self._hands.number)
