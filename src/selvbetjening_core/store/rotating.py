"""Going through a whole store for the change of a key: counting, and sealing anew."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from selvbetjening_core.store.rotation import Position, SqlSealed, sealed_tables
from selvbetjening_core.store.store import SqlStore

T = TypeVar("T")
Tell = Callable[[str, str, int], None]
"""Told the kommunekode, the table, and how many values of it were sealed anew."""

_MOST_ROUNDS = 20
_ROUND_SECONDS = 1.0
# As long as a batch took, others have the database; and never less than this.
_LEAST_PAUSE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What needs each key, by its id.

    :param sealed: how many values are sealed with it
    :param macs: how many lines of the audit log it vouches for; these are never made
        anew, and are gone when the log's time is over
    """

    sealed: Counter[str] = field(default_factory=Counter)
    macs: Counter[str] = field(default_factory=Counter)

    def left(self, current: str) -> int:
        """How many values are sealed with another key than the current one."""
        return self.sealed.total() - self.sealed[current]

    def needs(self, key_id: str) -> int:
        """How much would be lost without it."""
        return self.sealed[key_id] + self.macs[key_id]


def key_use(store: SqlStore) -> KeyUse:
    """What needs each key, in all municipalities. Opens nothing.

    :raises StoreUnavailable: the database cannot be used
    """
    found = KeyUse()
    for code in store.municipalities():
        for table in sealed_tables():
            for counted in _batches(store, code, partial(SqlSealed.count, table_name=table)):
                found.sealed.update(counted)
        with store.transaction(code) as work:
            found.macs.update(work.sealed.count_macs())
    return found


def reseal(store: SqlStore, tell: Tell) -> int:
    """Seal under the current key all that is under another, while others use the store.

    Goes round until nothing is left, since a process that has not yet seen the new
    key seals with the old one; gives up after some rounds. Repeatable: what is done is
    passed over. Returns how many values it sealed anew.

    :raises Unreadable: a value cannot be opened; what was done until then is kept
    :raises StoreUnavailable: the database cannot be used
    """
    done = 0
    for number in range(_MOST_ROUNDS):
        if number:
            time.sleep(_ROUND_SECONDS)
        done += _round(store, tell)
        if not key_use(store).left(store.keys.current):
            break
    return done


def _round(store: SqlStore, tell: Tell) -> int:
    done = 0
    for code in store.municipalities():
        for table in sealed_tables():
            of_table = sum(_batches(store, code, partial(SqlSealed.reseal, table_name=table)))
            if of_table:
                tell(code, table, of_table)
            done += of_table
    return done


def _batches(store: SqlStore, code: str, do: Callable[..., tuple[T, Position]]) -> Iterator[T]:
    """What ``do`` found, batch by batch, each in a transaction of its own."""
    after: Position = ()
    while True:
        begun = time.monotonic()
        with store.transaction(code) as work:
            found, after = do(work.sealed, after=after)
        yield found
        if not after:
            return
        time.sleep(max(_LEAST_PAUSE_SECONDS, time.monotonic() - begun))
