"""What the application itself does regularly in each municipality, by one process at a time."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.journey.ports import Store

log = logging.getLogger(__name__)

OURS = ""
"""Stands for the application itself where components are named."""
LEASE = datetime.timedelta(seconds=60)
"""How long a task may take before it is taken for abandoned."""
TRY_AGAIN = datetime.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class OwnTask:
    """One thing to be done regularly.

    :param run: does it in one municipality, and says when it is due again. Soon
        over: another process may begin once the lease has run out
    """

    name: str
    run: Callable[[Municipality, threading.Event], datetime.datetime]


class Upkeep:
    """Carries out the application's own tasks.

    When one is due is kept in the store, so that it outlives the process and is
    known to the others. One that fails is tried again after some minutes; one
    whose process dies, once its lease has run out.

    :param municipalities: asked at every round, so that a reload is seen
    """

    def __init__(
        self,
        store: Store,
        municipalities: Callable[[], Iterable[Municipality]],
        tasks: Sequence[OwnTask],
    ) -> None:
        self._store = store
        self._municipalities = municipalities
        self._tasks = tasks

    def run_due(self, stop: threading.Event | None = None) -> int:
        """Carry out every task that is due now, each once; how many there were."""
        stop = stop or threading.Event()
        done = 0
        for municipality in self._municipalities():
            for task in self._tasks:
                if stop.is_set():
                    return done
                done += self._run(municipality, task, stop)
        return done

    def _run(self, municipality: Municipality, task: OwnTask, stop: threading.Event) -> bool:
        code = municipality.code
        try:
            until = self._claim(code, task)
            if until is None:
                return False
            due_at = self._carried_out(municipality, task, stop)
            with self._store.transaction(code) as work:
                work.tasks.done(OURS, task.name, until, due_at or work.now() + TRY_AGAIN)
        except Exception as error:  # noqa: BLE001 - one municipality stands in the way of no other
            _tell(task, code, error)
            return False
        return True

    def _carried_out(
        self, municipality: Municipality, task: OwnTask, stop: threading.Event
    ) -> datetime.datetime | None:
        try:
            return task.run(municipality, stop)
        except Exception as error:  # noqa: BLE001 - it is tried again
            _tell(task, municipality.code, error)
            return None

    def _claim(self, code: str, task: OwnTask) -> datetime.datetime | None:
        with self._store.transaction(code) as work:
            now = work.now()
            until = now + LEASE
            return until if work.tasks.claim(OURS, task.name, now, until) else None


def _tell(task: OwnTask, code: str, error: Exception) -> None:
    log.error("%s in %s failed: %s", task.name, code, type(error).__name__)
