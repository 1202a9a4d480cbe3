"""Threads in which components are called: one that hangs holds up nobody else."""

from __future__ import annotations

import collections
import os
import queue
import threading
from collections.abc import Callable

_IDLE_SECONDS = 10.0

Work = Callable[[], None]


class Threads:
    """Lends a thread to each piece of work, and keeps it a while for the next.

    There are as many as there is work under way. None of them keeps the process
    from ending.
    """

    def __init__(self) -> None:
        self._idle: collections.deque[_Thread] = collections.deque()
        self._process = os.getpid()

    def run(self, work: Work) -> None:
        """Begin ``work`` in a thread of its own. It must not raise anything.

        :raises RuntimeError: the process can have no more threads
        """
        if self._process != os.getpid():
            # A fork takes no threads along.
            self._idle, self._process = collections.deque(), os.getpid()
        try:
            thread = self._idle.pop()
        except IndexError:
            thread = _Thread(self._idle)
            thread.start()
        thread.begin(work)


class Places:
    """How many calls of one component may be under way, in each process by itself.

    A fork takes no threads along: what was under way before it will never end in
    the child, and holds no place there.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._of_process: dict[int, threading.Semaphore] = {}

    def take(self) -> threading.Semaphore | None:
        """A place, to be released on what is returned; None where there is none."""
        process = os.getpid()
        places = self._of_process.get(process)
        if places is None:
            places = self._of_process.setdefault(process, threading.Semaphore(self._number))
        return places if places.acquire(blocking=False) else None


class _Thread(threading.Thread):
    def __init__(self, idle: collections.deque[_Thread]) -> None:
        super().__init__(name="component", daemon=True)
        self._idle = idle
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()

    def begin(self, work: Work) -> None:
        self._work.put(work)

    def run(self) -> None:
        while True:
            try:
                work = self._work.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                if self._is_given_up():
                    return
                continue
            work()
            # What it was handed is not held on to until the next call.
            del work
            self._idle.append(self)

    def _is_given_up(self) -> bool:
        try:
            self._idle.remove(self)
        except ValueError:
            # Somebody has just taken it, and its work is on the way.
            return False
        return True
