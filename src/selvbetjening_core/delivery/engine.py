"""What carries deliveries out: the port, and the engine inside the application.

The ledger is the queue: an engine holds nothing, and whatever it forgets is
found again by its due time. So engines can be exchanged.
"""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from selvbetjening_core.delivery.held import Held
from selvbetjening_core.delivery.worker import Worker
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Delivery
from selvbetjening_core.values import Reply

logger = logging.getLogger(__name__)


class DeliveryEngine(Protocol):
    """Carries deliveries out, some time after they were enqueued."""

    def enqueue(self, work: UnitOfWork, delivery: Delivery) -> None:
        """Put a delivery into the ledger, inside the submission's transaction.

        Nothing is sent here, and nothing outside is called.
        """

    def plan(self, work: UnitOfWork, delivery_id: str, due_at: datetime.datetime) -> None:
        """A row of the ledger is due then: have it looked at, if ``work`` is committed."""

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set."""


class EmbeddedEngine:
    """Threads of one process that drain the ledger of all municipalities.

    One thread looks, and the others work: whoever finds something lets the next
    one look, and works on it. So a receiver that hangs holds up its own deliveries
    alone, and an idle engine asks the store once in a while, not once for each
    thread. Several processes may run one on the same store.

    :param municipalities: the kommunekoder to look after; asked at every round,
        so that one that was added is taken up
    :param poll_seconds: how often to look when nobody calls :meth:`wake`
    :param at_once: how many deliveries are worked on at once
    """

    def __init__(
        self,
        worker: Worker,
        municipalities: Callable[[], Iterable[str]],
        poll_seconds: float = 1.0,
        at_once: int = 4,
    ) -> None:
        self._worker = worker
        self._lookout = _Lookout(worker, municipalities, poll_seconds)
        self._at_once = at_once
        self._looking = threading.Lock()
        self._poll_seconds = poll_seconds
        self._woken = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def enqueue(self, work: UnitOfWork, delivery: Delivery) -> None:
        """Put a delivery into the ledger. Call :meth:`wake` after the commit."""
        work.deliveries.add(delivery)

    def plan(self, work: UnitOfWork, delivery_id: str, due_at: datetime.datetime) -> None:
        """Nothing: the ledger is looked at all the time."""

    def wake(self) -> None:
        """Something may be due: look now. Cheap; does nothing else."""
        self._woken.set()

    def take(self, municipality: str, component: str, reply: Reply) -> None:
        """What a message to ``component`` told of deliveries; see :class:`Inbox`."""
        if self._worker.inbox.take(municipality, component, reply):
            self.wake()

    def start(self) -> None:
        """Start the threads. :raises RuntimeError: they run already."""
        if self._threads:
            raise RuntimeError("the delivery engine runs already")
        self._stop.clear()
        self._threads = self._start(self._stop, self._at_once)

    def stop(self, timeout: float | None = None) -> bool:
        """Let the attempts under way end, and stop. False if it takes longer.

        Something may have been taken by the receiver already, so an attempt is
        cut off only when it should have ended long ago.

        :param timeout: seconds to wait; by default as long as a step may take
        """
        if timeout is None:
            timeout = self._worker.limits.longest.total_seconds()
        self._stop.set()
        self.wake()
        self._threads = _join(self._threads, timeout)
        return not self._threads

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set. What goes wrong is logged, and tried again.

        Returns when the attempts under way have ended, or should have.
        """
        helpers = self._start(stop, self._at_once - 1)
        self._run(stop)
        _join(helpers, self._worker.limits.longest.total_seconds())

    def drain(self) -> int:
        """Work in the caller's thread until nothing is due; how many steps it took.

        A step is an attempt, or the settling of one that a worker left behind.
        What goes wrong in a municipality is logged; the others are worked on.
        """
        done = 0
        while self._step(self._lookout.look()):
            done += 1
        return done

    def _start(self, stop: threading.Event, number: int) -> list[threading.Thread]:
        # Daemons: a plugin that hangs must not keep the process from ending.
        # The ledger bears being cut off anywhere.
        threads = [
            threading.Thread(target=self._run, args=(stop,), name="delivery", daemon=True)
            for _ in range(number)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            with self._looking:
                held = self._wait_for_work(stop)
            self._step(held)
        # Whoever waits for its turn to look finds that there is nothing to wait for.
        self._woken.set()

    def _wait_for_work(self, stop: threading.Event) -> Held | None:
        """Something to work on; None if it has to stop."""
        while not stop.is_set():
            # Cleared before looking: a call of wake() meanwhile is not missed.
            self._woken.clear()
            held = self._lookout.look()
            if held is not None:
                return held
            if not stop.is_set():
                self._woken.wait(self._poll_seconds)
        return None

    def _step(self, held: Held | None) -> bool:
        """Work on it; False if there is nothing. What goes wrong is logged."""
        if held is None:
            return False
        try:
            self._worker.work(held)
        except Exception as error:  # noqa: BLE001 - the worker outlives a full disk
            self._lookout.rest(held.municipality, error)
        else:
            # Its receiver may take the next one now.
            self.wake()
        return True


class _Lookout:
    """Finds what can be worked on, in all municipalities in turn.

    Where it went wrong, it does not look again for a moment: the others may be
    busy for hours. Used by one thread at a time.
    """

    def __init__(
        self, worker: Worker, municipalities: Callable[[], Iterable[str]], rest_seconds: float
    ) -> None:
        self._worker = worker
        self._municipalities = municipalities
        self._rest_seconds = rest_seconds
        self._resting: dict[str, float] = {}
        self._last = ""

    def look(self) -> Held | None:
        """Claim a delivery that may be worked on; None if there is none."""
        try:
            codes = list(self._municipalities())
        except Exception as error:  # noqa: BLE001 - it is asked again
            logger.error("delivery stopped for a moment: %s", type(error).__name__)  # noqa: TRY400 - a trace may show values
            return None
        for code in _from_after(self._last, codes):
            held = self._take(code)
            if held is not None:
                self._last = code
                return held
        self._resting.clear()
        return None

    def rest(self, code: str, error: Exception) -> None:
        """It went wrong here."""
        self._resting[code] = time.monotonic() + self._rest_seconds
        logger.error("delivery in %s stopped for a moment: %s", code, type(error).__name__)

    def _take(self, code: str) -> Held | None:
        if time.monotonic() < self._resting.get(code, 0.0):
            return None
        try:
            return self._worker.take(code)
        except Exception as error:  # noqa: BLE001 - the others are looked at
            self.rest(code, error)
            return None


def _from_after(last: str, codes: list[str]) -> list[str]:
    """All of them, beginning with the one after the last that had its turn."""
    start = codes.index(last) + 1 if last in codes else 0
    return codes[start:] + codes[:start]


def _join(threads: list[threading.Thread], timeout: float) -> list[threading.Thread]:
    """Wait for them to end, so long in all; those that did not."""
    deadline = time.monotonic() + timeout
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return [thread for thread in threads if thread.is_alive()]
