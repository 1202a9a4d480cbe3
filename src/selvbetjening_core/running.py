"""What is running: one composition, behind one reference that a reload swaps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from selvbetjening_core.composition.stack import Composition

WsgiApp = Callable[..., Iterable[bytes]]


class Running:
    """A composition at work, with the web application made for it.

    It is known how many requests and other works are under way with it, so that
    it is given up only when the last of them has ended.
    """

    def __init__(self, composition: Composition, web: WsgiApp | None = None) -> None:
        self.composition = composition
        self.web = web
        self._users = 0
        self._changed = threading.Condition()

    def enter(self) -> None:
        """One more works with it."""
        with self._changed:
            self._users += 1

    def leave(self) -> None:
        """One less."""
        with self._changed:
            self._users -= 1
            self._changed.notify_all()

    def wait_until_unused(self, seconds: float) -> bool:
        """Wait until nothing works with it any more. False if that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: self._users == 0, seconds)


class Current:
    """The one reference. Safe to share between threads."""

    def __init__(self, first: Running) -> None:
        self._now = first
        self._lock = threading.Lock()

    @property
    def now(self) -> Running:
        """What is running at this moment. For a look; to work with it, hold it."""
        return self._now

    def take(self) -> Running:
        """What is running, not to be given up before ``leave()`` is called on it."""
        with self._lock:
            found = self._now
            found.enter()
            return found

    @contextmanager
    def hold(self) -> Iterator[Running]:
        """What is running, as long as the block lasts."""
        found = self.take()
        try:
            yield found
        finally:
            found.leave()

    def swap(self, new: Running) -> Running:
        """From now on, ``new``. Returns the old, at work until all who took it have left."""
        with self._lock:
            old, self._now = self._now, new
        return old


class CurrentApp:
    """A WSGI application that is always the current one. Each request keeps the one it began in."""

    def __init__(self, current: Current) -> None:
        self._current = current

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI."""
        running = self._current.take()
        try:
            answer = _web(running)(environ, start_response)
        except BaseException:
            running.leave()
            raise
        if isinstance(answer, list | tuple):
            # It is finished, and needs nothing of the composition any more.
            running.leave()
            return answer
        return _Streamed(answer, running)


def _web(running: Running) -> WsgiApp:
    if running.web is None:
        raise RuntimeError("no web application was made for this composition")
    return running.web


class _Streamed:
    """An answer that is still being sent."""

    def __init__(self, answer: Iterable[bytes], running: Running) -> None:
        self._answer = answer
        self._running: Running | None = running

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        """Called by the server when it is sent, or cannot be."""
        try:
            close = getattr(self._answer, "close", None)
            if close is not None:
                close()
        finally:
            running, self._running = self._running, None
            if running is not None:
                running.leave()
