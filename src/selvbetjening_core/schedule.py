"""What components do regularly, carried out when it is due, by one process at a time."""

from __future__ import annotations

import datetime
import logging
import threading
from collections.abc import Callable, Iterable

from selvbetjening_core.composition.stack import Municipality
from selvbetjening_core.errors import SelvbetjeningError
from selvbetjening_core.interfaces import IScheduled
from selvbetjening_core.journey.ports import Store
from selvbetjening_core.values import Task

log = logging.getLogger(__name__)

LOOK_EVERY = datetime.timedelta(seconds=5)

Round = Callable[[threading.Event | None], object]
"""Something else to be done at every look; told when to stop."""
Found = tuple[str, Task, datetime.datetime]
"""The component, its task, and until when we have it."""


class Scheduler:
    """Carries out the tasks that components declare.

    When a task is due is kept in the store, so that it outlives the process and
    is known to the others. One that fails is tried again when it is next due;
    one whose process dies is carried out again once its lease has run out.

    :param municipalities: asked at every round, so that a reload is seen
    :param lease: how long a task may take before it is taken for abandoned
    :param also: called at every look, too
    """

    def __init__(
        self,
        store: Store,
        municipalities: Callable[[], Iterable[Municipality]],
        lease: datetime.timedelta,
        also: Round | None = None,
    ) -> None:
        self._store = store
        self._municipalities = municipalities
        self._lease = lease
        self._also = also

    def run(self, stop: threading.Event) -> None:
        """Carry out what is due until ``stop`` is set, whatever fails meanwhile."""
        rounds = [self.run_due] if self._also is None else [self.run_due, self._also]
        while not stop.wait(LOOK_EVERY.total_seconds()):
            for one in rounds:
                try:
                    one(stop)
                except Exception as error:  # noqa: BLE001 - the next look may find it well again
                    log.error("a look at what is due failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may show values

    def run_due(self, stop: threading.Event | None = None) -> int:
        """Carry out every task that is due now, each once; how many there were."""
        return sum(self._run_in(one, stop) for one in self._municipalities())

    def _run_in(self, municipality: Municipality, stop: threading.Event | None) -> int:
        done = 0
        try:
            tasks = list(municipality.tasks())
            while tasks and not (stop is not None and stop.is_set()):
                found = self._claim(municipality.code, tasks)
                if found is None:
                    break
                self._carry_out(municipality, found)
                tasks.remove(found[:2])
                done += 1
        except Exception as error:  # noqa: BLE001 - what is wrong in one municipality stops no other
            log.error("tasks in %s stopped: %s", municipality.code, type(error).__name__)  # noqa: TRY400 - a trace may show values
        return done

    def _claim(self, code: str, tasks: list[tuple[str, Task]]) -> Found | None:
        try:
            with self._store.transaction(code) as work:
                # Not by this process's clock: another machine's may be another.
                now = work.now()
                until = now + self._lease
                for component, task in tasks:
                    if work.tasks.claim(component, task.name, now, until):
                        return component, task, until
        except SelvbetjeningError as error:
            log.error("tasks in %s wait: %s", code, type(error).__name__)  # noqa: TRY400 - a trace may show values
        return None

    def _carry_out(self, municipality: Municipality, found: Found) -> None:
        component, task, until = found
        due_at = until - self._lease + task.every
        scheduled = municipality.beside(IScheduled, component)
        try:
            if scheduled is not None:
                scheduled.run(task)
        except SelvbetjeningError as error:
            _tell(municipality, found, error)
        try:
            with self._store.transaction(municipality.code) as work:
                work.tasks.done(component, task.name, until, due_at)
        except SelvbetjeningError as error:
            _tell(municipality, found, error)


def _tell(municipality: Municipality, found: Found, error: Exception) -> None:
    component, task, _ = found
    kind = type(error).__name__
    log.error("the task %r of %r in %s failed: %s", task.name, component, municipality.code, kind)
