"""Claiming deliveries for the threads of one worker process."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from selvbetjening_core.delivery.conclusion import FindRules
from selvbetjening_core.delivery.held import Held
from selvbetjening_core.delivery.rules import slots
from selvbetjening_core.delivery.together import Together, Wanted
from selvbetjening_core.journey.ports import Slots, Store, UnitOfWork
from selvbetjening_core.journey.records import Attempt, Delivery

_IN_A_ROW = 8

_Claimed = Sequence[tuple[Delivery, Attempt | None]]


class Claiming:
    """Claims, by the clock that all machines agree on. Threads may share one.

    What had something due a moment ago probably has more, and to claim from a
    receiver that is known costs less than to find the one that has waited longest.
    So it is asked first, eight times in a row; then all are looked at again.

    :param lease: how long a row is held
    """

    def __init__(self, store: Store, rules: FindRules, lease: datetime.timedelta) -> None:
        self._store = store
        self._rules = rules
        self._lease = lease
        self._together = Together(self._claim)
        # Who overwrites what another thread has just noted costs that one a look, no more.
        self._lately: dict[str, tuple[str, int]] = {}

    def take(self, municipality: str, component: str = "") -> Held | None:
        """Claim the most overdue delivery that may be worked on; None if there is none.

        :param component: of this receiver alone; empty: of all of them
        """
        return self._together.take((municipality, component))

    def _claim(self, wanted: Wanted, most: int) -> list[Held]:
        municipality, component = wanted
        with self._store.transaction(municipality) as work:
            # What was made due by another machine just now is due by this clock.
            now = work.now(exactly=True)
            found = self._of(work, component, now, most) if component else ()
            if not component:
                found = self._of_any(work, now, most)
        return [Held(municipality, *one) for one in found]

    def _of(self, work: UnitOfWork, component: str, now: datetime.datetime, most: int) -> _Claimed:
        until, places = now + self._lease, self._slots(work.municipality)
        return work.deliveries.claim_some(component, now, until, places, most)

    def _of_any(self, work: UnitOfWork, now: datetime.datetime, most: int) -> _Claimed:
        """From one receiver, though there may be fewer than are wanted."""
        last, left = self._lately.get(work.municipality, ("", 0))
        if left and (found := self._of(work, last, now, most)):
            self._lately[work.municipality] = (last, left - 1)
            return found
        one = work.deliveries.claim(now, now + self._lease, self._slots(work.municipality))
        if one is None:
            self._lately.pop(work.municipality, None)
            return ()
        component = one[0].component
        self._lately[work.municipality] = (component, _IN_A_ROW - 1)
        return (one, *(self._of(work, component, now, most - 1) if most > 1 else ()))

    def _slots(self, municipality: str) -> Slots:
        return lambda receiver: slots(receiver, self._rules(municipality, receiver.component))
