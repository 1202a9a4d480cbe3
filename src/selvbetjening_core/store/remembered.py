"""What was opened lately, so that the same token need not be opened at every page."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, forgotten ``seconds`` to twice that after they were last asked for.

    At most twice ``most`` values. Safe to share between threads: what one forgets, the
    other makes again. Personal data: whatever is put in.
    """

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._lately: dict[K, V] = {}
        self._before: dict[K, V] = {}
        self._until = time.monotonic() + seconds

    def __len__(self) -> int:
        return len(self._lately) + len(self._before)

    def get(self, key: K) -> V | None:
        """The value; None: it was never put in, or is forgotten."""
        if time.monotonic() >= self._until:
            self.forget_old()
        value = self._lately.get(key)
        if value is None:
            value = self._before.get(key)
            if value is not None:
                self._lately[key] = value
        return value

    def put(self, key: K, value: V) -> None:
        """Remember ``value``."""
        if len(self._lately) >= self._most:
            self.forget_old()
        self._lately[key] = value

    def forget_old(self) -> None:
        """Forget what nobody has asked for of late. To be called now and then."""
        now = time.monotonic()
        if now < self._until and len(self._lately) < self._most:
            return
        self._before = self._lately if now < self._until + self._seconds else {}
        self._lately = {}
        self._until = now + self._seconds

    def clear(self) -> None:
        """Forget everything."""
        self._lately, self._before = {}, {}
