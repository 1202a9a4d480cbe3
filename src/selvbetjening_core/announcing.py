"""Telling plugins what happened to cases: outside the citizen's request, in a thread of its own."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from selvbetjening_core.composition.set_hooks import SetHooks
from selvbetjening_core.values import CaseEvent

log = logging.getLogger(__name__)

HOOK = "selvbetjening_case_event"
_WAITING = 10_000
_END_SECONDS = 5.0

HoldHooks = Callable[[str], AbstractContextManager[SetHooks | None]]
"""The hooks of a municipality's plugin set, by its code; None where it is not here any more.

As long as they are held, their plugins are not told that it is over."""


class Announcer:
    """Calls ``selvbetjening_case_event`` of all plugins of the case's municipality.

    Events wait in memory, at most 10,000 of them; more are dropped, and that is
    logged: who must know everything asks the ledger.
    """

    def __init__(self, hooks: HoldHooks) -> None:
        self._hooks = hooks
        self._queue: queue.Queue[CaseEvent | None] = queue.Queue(_WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def announce(self, event: CaseEvent) -> None:
        """Take ``event`` to be told. Returns at once, and never raises."""
        with self._hooks(event.municipality_code) as found:
            if found is None or not found.implementing(HOOK):
                return
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            log.error("too many case events wait: one (%s) is not told", event.kind)  # noqa: TRY400 - the queue is not the fault
        self._start()

    def close(self, seconds: float = _END_SECONDS) -> bool:
        """Tell what waits, and end. False if that takes longer."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is None:
            return True
        try:
            self._queue.put(None, timeout=seconds)
        except queue.Full:
            return False
        thread.join(seconds)
        return not thread.is_alive()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="case-events", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            with self._hooks(event.municipality_code) as found:
                for _ in found.tell_all(HOOK, event=event) if found else ():
                    pass
