"""Threads of one process that want a delivery at the same moment claim together.

Claims of one receiver come one after the other, on all machines. So one thread
claims for all that wait: there is one claim where there would have been many, and
none takes more than there are threads to work on it at once.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from selvbetjening_core.delivery.held import Held

Wanted = tuple[str, str]
"""A municipality, and a component; empty: whichever has waited longest."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A thread that wants one."""

    is_served: bool = False
    held: Held | None = None


class Together:
    """Claims for all threads that wait for the same.

    :param claim: claims what is wanted, at most so many
    """

    def __init__(self, claim: Callable[[Wanted, int], list[Held]]) -> None:
        self._claim = claim
        self._turns: defaultdict[Wanted, threading.Lock] = defaultdict(threading.Lock)
        self._waiting: defaultdict[Wanted, list[_Waiting]] = defaultdict(list)
        self._lock = threading.Lock()

    def take(self, wanted: Wanted) -> Held | None:
        """One for the caller; None if there is none for it. Raises what ``claim`` raises."""
        me = _Waiting()
        with self._lock:
            self._waiting[wanted].append(me)
            turn = self._turns[wanted]
        with turn:
            if me.is_served:
                return me.held
            with self._lock:
                others = [one for one in self._waiting.pop(wanted) if one is not me]
            self._serve(wanted, me, others)
            return me.held

    def _serve(self, wanted: Wanted, me: _Waiting, others: list[_Waiting]) -> None:
        try:
            found = self._claim(wanted, 1 + len(others))
        except BaseException:
            # The error is the caller's; the others try for themselves.
            with self._lock:
                self._waiting[wanted].extend(others)
            raise
        for place, one in enumerate((me, *others)):
            one.held = found[place] if place < len(found) else None
            one.is_served = True
