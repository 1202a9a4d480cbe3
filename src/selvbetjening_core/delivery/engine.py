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
    """One worker that drains the ledger of all municipalities, on one machine.

    :param municipalities: the kommunekoder to look after; asked at every round,
        so that one that was added is taken up
    :param poll_seconds: how often to look when nobody calls :meth:`wake`
    """

    def __init__(
        self,
        worker: Worker,
        municipalities: Callable[[], Iterable[str]],
        poll_seconds: float = 1.0,
    ) -> None:
        self._worker = worker
        self._municipalities = municipalities
        self._poll_seconds = poll_seconds
        self._woken = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

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
        """Start the worker's thread. :raises RuntimeError: it runs already."""
        if self._thread is not None:
            raise RuntimeError("the delivery engine runs already")
        self._stop.clear()
        # A daemon: a plugin that hangs must not keep the process from ending.
        # The ledger bears being cut off anywhere.
        self._thread = threading.Thread(
            target=self.run, args=(self._stop,), name="delivery", daemon=True
        )
        self._thread.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Let the attempt under way end, and stop. False if it takes longer.

        Something may have been taken by the receiver already, so an attempt is
        cut off only when it should have ended long ago.

        :param timeout: seconds to wait; by default as long as a worker may hold
            a delivery
        """
        if timeout is None:
            timeout = self._worker.limits.lease.total_seconds()
        thread = self._thread
        if thread is None:
            return True
        self._stop.set()
        self.wake()
        thread.join(timeout)
        if thread.is_alive():
            return False
        self._thread = None
        return True

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set. What goes wrong is logged, and tried again."""
        while not stop.is_set():
            # Cleared before looking: a call of wake() meanwhile is not missed.
            self._woken.clear()
            try:
                self._drain(stop)
            except Exception as error:  # noqa: BLE001 - the list of municipalities may fail, too
                logger.error("delivery stopped for a moment: %s", type(error).__name__)  # noqa: TRY400 - a trace may show values
            self._woken.wait(self._poll_seconds)

    def drain(self) -> int:
        """Work in the caller's thread until nothing is due; how many steps it took.

        A step is an attempt, or the settling of one that a worker left behind.
        What goes wrong in a municipality is logged; the others are worked on.
        """
        return self._drain(threading.Event())

    def _drain(self, stop: threading.Event) -> int:
        done = 0
        resting: dict[str, float] = {}
        while not stop.is_set():
            worked = [code for code in self._municipalities() if self._step(code, stop, resting)]
            if not worked:
                break
            done += len(worked)
        return done

    def _step(self, code: str, stop: threading.Event, resting: dict[str, float]) -> bool:
        """One step in one municipality; False if nothing is due, or it went wrong.

        :param resting: where it went wrong, and until when that is left alone:
            the others may be busy for hours
        """
        if stop.is_set() or time.monotonic() < resting.get(code, 0.0):
            return False
        try:
            return self._worker.work_one(code)
        except Exception as error:  # noqa: BLE001 - the worker outlives a full disk
            resting[code] = time.monotonic() + self._poll_seconds
            logger.error("delivery in %s stopped for a moment: %s", code, type(error).__name__)  # noqa: TRY400 - a trace may show values
            return False
