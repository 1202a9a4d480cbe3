"""A living worker holds its rows as long as it works on them; a dead one soon does not.

So leases can be short, while an attempt may take long.
"""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from selvbetjening_core.journey.ports import Store

logger = logging.getLogger(__name__)

_BEATS_IN_A_LEASE = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that is held; ``until`` is by the clock of this process alone."""

    municipality: str
    delivery_id: str
    holder: str
    until: float


class Heartbeat:
    """Prolongs leases, three times in each, from a thread of its own.

    The thread runs while there is something to prolong. A row that is another's
    by now is let go. One whose worker takes longer than it may is not prolonged
    any more: its thread may hang for ever.

    :param lease: how long a row is held from each beat
    :param longest: how long a row is prolonged at most
    """

    def __init__(
        self, store: Store, lease: datetime.timedelta, longest: datetime.timedelta
    ) -> None:
        self._store = store
        self._lease = lease
        self._longest = longest.total_seconds()
        self._rows: dict[str, _Row] = {}
        self._lock = threading.Lock()
        self._is_running = False

    @contextmanager
    def hold(self, municipality: str, delivery_id: str, holder: str) -> Iterator[None]:
        """Prolong the lease of this row until the block is left."""
        row = _Row(municipality, delivery_id, holder, time.monotonic() + self._longest)
        with self._lock:
            self._rows[holder] = row
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name="heartbeat", daemon=True).start()
        try:
            yield
        finally:
            self._let_go(row)

    def _run(self) -> None:
        while True:
            time.sleep(self._lease.total_seconds() / _BEATS_IN_A_LEASE)
            with self._lock:
                if not self._rows:
                    self._is_running = False
                    return
                rows = tuple(self._rows.values())
            self._beat(rows)

    def _beat(self, rows: tuple[_Row, ...]) -> None:
        by_municipality = defaultdict(list)
        for row in rows:
            if row.until > time.monotonic():
                by_municipality[row.municipality].append(row)
        for municipality, those in by_municipality.items():
            try:
                lost = self._prolong(municipality, those)
            except Exception as error:  # noqa: BLE001 - the next beat may succeed
                logger.warning("a lease was not prolonged: %s", type(error).__name__)
                continue
            for row in lost:
                self._let_go(row)

    def _prolong(self, municipality: str, rows: list[_Row]) -> list[_Row]:
        """Prolong them all, if they are still ours; those that are not."""
        with self._store.transaction(municipality) as work:
            until = work.now() + self._lease
            return [
                row
                # In one order everywhere, so that no two wait for each other.
                for row in sorted(rows, key=lambda row: row.delivery_id)
                if not work.deliveries.prolong(row.delivery_id, row.holder, until)
            ]

    def _let_go(self, row: _Row) -> None:
        with self._lock:
            self._rows.pop(row.holder, None)
