"""One after the other, in the order of coming."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    thread: int
    gate: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.gate.acquire()


class Turn:
    """Lets in one thread at a time, and the one that has waited longest first.

    A lock of Python's own lets in whoever is quickest, which is often the one that
    has just left: others would wait for long. Reentrant.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._owner: int | None = None
        self._depth = 0

    def take(self, timeout: float) -> bool:
        """Wait for the turn. False if it did not come within ``timeout`` seconds."""
        me = threading.get_ident()
        with self._lock:
            if self._owner in (None, me):
                self._owner = me
                self._depth += 1
                return True
            waiting = _Waiting(me)
            self._waiting.append(waiting)
        try:
            has_come = waiting.gate.acquire(timeout=timeout)
        except BaseException:
            if not self._withdraw(waiting):
                self.give_back()
            raise
        return has_come or not self._withdraw(waiting)

    def give_back(self) -> None:
        """The turn is the next one's."""
        with self._lock:
            self._depth -= 1
            if self._depth:
                return
            self._owner = None
            if self._waiting:
                following = self._waiting.popleft()
                self._owner, self._depth = following.thread, 1
                following.gate.release()

    def _withdraw(self, waiting: _Waiting) -> bool:
        """Wait no longer. False where the turn has come all the same."""
        with self._lock:
            if waiting not in self._waiting:
                return False
            self._waiting.remove(waiting)
            return True
