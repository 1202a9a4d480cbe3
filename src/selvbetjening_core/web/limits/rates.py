"""How often something was done of late: counted in memory, by keys that tell nobody's name."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_MOST_KEYS = 100_000


@dataclass(frozen=True, slots=True)
class Count:
    """One of the counts that an action adds to.

    :param key: whose, and of what: its parts
    :param limit: so many at once; they come back evenly over ``seconds``
    """

    key: tuple[str, ...]
    limit: int
    seconds: int


class Rates:
    """The counts of one process. Safe to share between threads.

    Personal data: none. Addresses and numbers are kept as keyed digests alone, the key
    is made when the process starts and never leaves it.

    :param now: a clock that never goes back, in seconds
    :param most: how many keys are kept; beyond it those with the least counts are let go
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, most: int = _MOST_KEYS) -> None:
        self._now = now
        self._most = most
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        # For each key, when its count is back at nothing.
        self._empty_at: dict[bytes, float] = {}

    def take(self, counts: Sequence[Count]) -> float:
        """Count once in each of ``counts``; or in none of them, where one is full.

        :returns: 0; or the seconds to wait until there is room
        """
        wanted = [(self._digest(one.key), one) for one in counts if one.limit]
        now = self._now()
        with self._lock:
            wait = max((self._wait(key, one, now) for key, one in wanted), default=0.0)
            if wait > 0:
                return wait
            for key, one in wanted:
                self._empty_at[key] = self._since(key, now) + one.seconds / one.limit
            if len(self._empty_at) > self._most:
                self._let_go(now)
        return 0.0

    def __len__(self) -> int:
        return len(self._empty_at)

    def _wait(self, key: bytes, count: Count, now: float) -> float:
        # In this order nothing is lost to rounding where nothing was counted yet.
        return self._since(key, now) - now + (count.seconds / count.limit - count.seconds)

    def _since(self, key: bytes, now: float) -> float:
        return max(self._empty_at.get(key, now), now)

    def _let_go(self, now: float) -> None:
        """Those that are back at nothing, and then those that are nearest to it."""
        kept = sorted((at, key) for key, at in self._empty_at.items() if at > now)
        self._empty_at = {key: at for at, key in kept[-(self._most * 3 // 4) :]}

    def _digest(self, key: tuple[str, ...]) -> bytes:
        return hashlib.blake2b("\0".join(key).encode(), digest_size=16, key=self._secret).digest()
