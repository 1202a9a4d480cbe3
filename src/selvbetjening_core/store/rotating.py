"""Going through a whole store for the change of a key: counting, and sealing anew."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from selvbetjening_core.store.key_change import NOTICED_WITHIN
from selvbetjening_core.store.key_file import KeyFileError, MasterKeys
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
    :param last: when the newest of those lines was written
    """

    sealed: Counter[str] = field(default_factory=Counter)
    macs: Counter[str] = field(default_factory=Counter)
    last: dict[str, datetime.datetime] = field(default_factory=dict)

    def left(self, current: str) -> int:
        """How many values are sealed with another key than the current one."""
        return self.sealed.total() - self.sealed[current]

    def needs(self, key_id: str) -> int:
        """How much would be lost without it."""
        return self.sealed[key_id] + self.macs[key_id]

    def refuse_if_needed(self, key_id: str, keys: MasterKeys) -> None:
        """Say what needs a key that is not current, and whether a process seals with it still.

        :raises KeyFileError: something does
        """
        if not self.needs(key_id):
            return
        needed = f"{self.sealed[key_id]} values are sealed with {key_id!r}"
        told = [f"{needed}, and {self.macs[key_id]} lines of the audit log need it"]
        last = self.last.get(key_id)
        if last is not None and keys.since is not None and last > keys.since + NOTICED_WITHIN:
            told.append(
                f"{keys.current!r} is current since {keys.since:%Y-%m-%d %H:%M} UTC, and a line"
                f" was written with {key_id!r} at {last:%Y-%m-%d %H:%M} UTC: a machine had the"
                " old key file still"
            )
        if self.sealed[key_id]:
            told.append('run "selvbetjening keys reseal" first')
        else:
            told.append("it can be removed when retention has taken these lines")
        raise KeyFileError("; ".join(told))


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
            for key_id, at in work.sealed.last_lines().items():
                found.last[key_id] = max(at, found.last.get(key_id, at))
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
