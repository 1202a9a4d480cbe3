"""How the attempts of one process ended: counters for those who watch the site."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

from selvbetjening_core.values import OutcomeKind

Ended = tuple[str, str, OutcomeKind]
"""Municipality, receiver and outcome. Nothing personal."""


class Tally:
    """Counts attempts since the process began. Threads may share one."""

    def __init__(self) -> None:
        self._counts: Counter[Ended] = Counter()
        self._lock = threading.Lock()

    def add(self, municipality: str, receiver: str, outcome: OutcomeKind) -> None:
        """One more attempt has ended so."""
        with self._lock:
            self._counts[municipality, receiver, outcome] += 1

    def counts(self) -> Mapping[Ended, int]:
        """All of them, as they are now."""
        with self._lock:
            return dict(self._counts)
