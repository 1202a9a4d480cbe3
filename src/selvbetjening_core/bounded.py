"""A cache that is bounded: what was used least of late goes first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """At most ``most`` values by key. Safe to share between threads.

    For what is made on demand and can be made again. It holds nobody's data.
    """

    def __init__(self, most: int) -> None:
        """:raises ValueError: it could hold nothing"""
        if most < 1:
            raise ValueError("a cache holds at least one value")
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """The value, which thereby was used; None where there is none."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        """Keep ``value``, and drop what was used least of late if there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)

    def made(self, key: K, make: Callable[[], V]) -> V:
        """The value, made now if it is not there.

        Two threads that ask for the same at once may both make it; the last is kept.
        """
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value
