"""The engine for many machines: jobs of Procrastinate, in the ledger's own PostgreSQL.

A job is a reminder to look at one row of the ledger; it is written in the
transaction that makes the row due, so that there is one if and only if the row
is. The ledger stays the queue: every worker process sweeps it, and finds what
has no job.
"""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable, Iterable

from selvbetjening_core.delivery.hands import Hands
from selvbetjening_core.delivery.procrastinate_jobs import JobTimes, work_on_jobs
from selvbetjening_core.delivery.sweep import Sweep, about, tell
from selvbetjening_core.delivery.worker import Worker
from selvbetjening_core.journey.ports import UnitOfWork
from selvbetjening_core.journey.records import Delivery
from selvbetjening_core.values import Reply

logger = logging.getLogger(__name__)

_PLAN = "SELECT procrastinate.selvbetjening_plan(%s, %s, %s)"
_REST_SECONDS = 1.0
_END_SECONDS = 5.0


class ProcrastinateEngine:
    """Enqueues in any process; works in those that call :meth:`run` or :meth:`start`.

    Several processes on several machines may run it on one database.

    :param address: the store's database, as libpq wants it
    :param municipalities: the kommunekoder to look after; asked at every round
    :param at_once: how many steps this process takes at once
    :param sweep_seconds: how often, about, the ledger is looked through
    """

    def __init__(
        self,
        address: str,
        worker: Worker,
        municipalities: Callable[[], Iterable[str]],
        at_once: int,
        sweep_seconds: float = 4.0,
    ) -> None:
        self._address = address
        self._worker = worker
        self._municipalities = municipalities
        self._at_once = at_once
        self._sweep_seconds = sweep_seconds
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def enqueue(self, work: UnitOfWork, delivery: Delivery) -> None:
        """Put a delivery into the ledger. Call :meth:`plan` for those that are due."""
        work.deliveries.add(delivery)

    def plan(self, work: UnitOfWork, delivery_id: str, due_at: datetime.datetime) -> None:
        """Write a job on the transaction's own connection: it is there if that is committed."""
        work.driver_connection.execute(_PLAN, (work.municipality, delivery_id, due_at))

    def wake(self) -> None:
        """Nothing: the database tells the workers at the commit."""

    def take(self, municipality: str, component: str, reply: Reply) -> None:
        """What a message to ``component`` told of deliveries; see :class:`Inbox`."""
        self._worker.inbox.take(municipality, component, reply)

    def start(self) -> None:
        """Start working in a thread. :raises RuntimeError: it works already."""
        if self._thread is not None:
            raise RuntimeError("the delivery engine runs already")
        self._stop.clear()
        self._thread = threading.Thread(
            target=self.run, args=(self._stop,), name="delivery", daemon=True
        )
        self._thread.start()

    def stop(self, timeout: float | None = None) -> bool:
        """Let the attempts under way end, and stop. False if it takes longer.

        :param timeout: seconds to wait; by default as long as a step may take
        """
        thread = self._thread
        if thread is None:
            return True
        self._stop.set()
        thread.join(self._longest if timeout is None else timeout)
        if thread.is_alive():
            return False
        self._thread = None
        return True

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set. What goes wrong is logged, and tried again."""
        hands = Hands(self._at_once)
        sweep = Sweep(self._worker.work_one, self._municipalities, hands, stop, self._sweep_seconds)
        sweeper = threading.Thread(target=sweep.run, name="sweep", daemon=True)
        sweeper.start()

        def look(municipality: str, delivery_id: str) -> None:
            # A job that nobody looks at any more is gone; the others' sweep comes by.
            if not stop.is_set() and self._look(municipality, delivery_id):
                sweep.go_on(municipality)

        times = JobTimes(end=self._longest)
        while not stop.is_set():
            try:
                work_on_jobs(self._address, look, hands, stop, times)
            except Exception as error:  # noqa: BLE001 - the worker outlives its database
                logger.error("jobs stopped for a moment: %s", type(error).__name__)  # noqa: TRY400 - a trace may show values
            stop.wait(about(_REST_SECONDS))
        hands.stop(self._longest)
        sweeper.join(_END_SECONDS)

    def drain(self) -> int:
        """Work in the caller's thread until nothing is due; how many steps it took."""
        done = 0
        for code in self._municipalities():
            while self._worker.work_one(code):
                done += 1
        return done

    @property
    def _longest(self) -> float:
        return self._worker.limits.longest.total_seconds()

    def _look(self, municipality: str, delivery_id: str) -> bool:
        """Whether there was anything to do. A job never fails: the row stays due."""
        try:
            return self._worker.work_on(municipality, delivery_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the sweep comes by
            tell(municipality, error)
            return False
