"""The threads of a worker process: so many steps are taken at once, the rest wait in line."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

Step = Callable[[], None]


class Hands:
    """A fixed number of threads that take steps in the order they came.

    None of them keeps the process from ending: what is cut off is found in the
    ledger.

    :param number: how many steps are taken at once
    """

    def __init__(self, number: int) -> None:
        self._waiting: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, name=f"delivery-{one}", daemon=True)
            for one in range(number)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def number(self) -> int:
        """How many steps are taken at once."""
        return len(self._threads)

    def begin(self, step: Step) -> None:
        """Take a step as soon as there is a hand free. After :meth:`stop`, never."""
        self._waiting.put(step)

    def stop(self, seconds: float) -> bool:
        """Begin nothing more, and let the steps under way end. False if that takes longer."""
        self._stopped.set()
        for _ in self._threads:
            self._waiting.put(None)
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self) -> None:
        while (step := self._waiting.get()) is not None:
            if self._stopped.is_set():
                return
            try:
                step()
            except Exception as error:  # noqa: BLE001 - a step that fails must not cost a hand
                logger.error("a step failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may show values
