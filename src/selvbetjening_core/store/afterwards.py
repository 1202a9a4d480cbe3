"""What waits until the database can be used again."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from selvbetjening_core.errors import StoreUnavailable

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 30.0
# What waits is small; that nobody reads the log for days must not fill the memory.
_MOST = 10_000


class Afterwards:
    """Does what is given to it as soon as the store lets it, in a thread of its own.

    Kept in memory alone: a process that is killed forgets it. The thread lives as
    long as there is something to do.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque(maxlen=_MOST)
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, do: Callable[[], None]) -> None:
        """Call ``do``, soon, and again until it does not raise :class:`StoreUnavailable`."""
        with self._lock:
            self._waiting.append(do)
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="afterwards", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Try once more what still waits, and stop."""
        self._closed.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()
        while self._waiting and self._done(self._waiting[0]):
            self._waiting.popleft()

    def _run(self) -> None:
        wait = _LOOK_SECONDS
        while not self._closed.wait(wait):
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                first = self._waiting[0]
            if self._done(first):
                self._waiting.popleft()
                wait = 0.0
            else:
                wait = min(max(wait, _LOOK_SECONDS) * 2, _LONGEST_WAIT_SECONDS)

    def _done(self, do: Callable[[], None]) -> bool:
        """False if the store cannot be used yet."""
        try:
            do()
        except StoreUnavailable:
            return False
        except Exception as error:  # noqa: BLE001 - nothing else may be kept from its turn
            logger.error("something left for later failed: %s", type(error).__name__)  # noqa: TRY400 - a trace may show values
        return True
