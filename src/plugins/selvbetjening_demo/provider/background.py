"""Work that is done after the page has been answered."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Background:
    """Runs work later, each piece in a thread of its own, until it is closed."""

    def __init__(self) -> None:
        self._closing = threading.Event()
        self._threads: set[threading.Thread] = set()
        self._lock = threading.Lock()

    def run_after(self, seconds: float, work: Callable[[], None]) -> None:
        """Do ``work`` in ``seconds`` from now; never, if closed before that."""
        thread = threading.Thread(target=self._run, args=(seconds, work), daemon=True)
        with self._lock:
            if self._closing.is_set():
                return
            self._threads.add(thread)
            thread.start()

    def pause(self, seconds: float) -> bool:
        """Wait inside a piece of work. False if it was closed meanwhile."""
        return not self._closing.wait(seconds)

    def close(self) -> None:
        """Give up what has not begun and wait for what has. Safe to repeat."""
        with self._lock:
            self._closing.set()
            threads = tuple(self._threads)
        for thread in threads:
            thread.join()

    def _run(self, seconds: float, work: Callable[[], None]) -> None:
        try:
            if self.pause(seconds):
                work()
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())
