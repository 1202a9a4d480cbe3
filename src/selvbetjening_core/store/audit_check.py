"""Verifying the audit log of a municipality: what was edited, deleted, put in, cut off, swapped.

Read in pieces, each in a transaction of its own, so that nobody waits: what is
sealed does not change any more. Where retention takes away the beginning
meanwhile, it is read anew.
"""

from __future__ import annotations

import datetime
import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from selvbetjening_core.journey.audit import ChainHead
from selvbetjening_core.store.audit_chain import (
    BEGAN,
    RETIRED,
    head_mac,
    is_genuine,
    link_of,
)
from selvbetjening_core.store.audit_lines import Row, line_mac
from selvbetjening_core.store.crypto import KeyRing, Unreadable
from selvbetjening_core.store.store import SqlStore

RESTORED = "restored"
"""The event of a backup that was put back."""
HEADS_EVERY = datetime.timedelta(days=1)
_TOO_OLD = datetime.timedelta(days=2)
_UNSEALED_FOR = datetime.timedelta(hours=1)
_AT_ONCE = 2000
_TRIES = 3


class Tampering(enum.StrEnum):
    """What is wrong with a line, or with the chain."""

    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    CHAIN_EDITED = "chain-edited"
    CHAIN_CUT = "chain-cut"
    """Seals are missing from the middle, or from the beginning."""
    TRUNCATED = "truncated"
    """An exported head knows of lines at the end that are not there, or not as they were."""
    NOT_SEALED = "not-sealed"
    """A line has waited too long for the chain, or was put back."""
    HEAD_EDITED = "head-edited"
    HEAD_UNCHECKED = "head-unchecked"
    """An exported head was made under a key that is not here: nobody can say whether it is true."""
    HEAD_OLD = "head-old"
    """The newest exported head is too old: it cannot tell of what was cut off since."""
    KEY_MISSING = "key-missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    :param position: in the chain; 0: it has none
    :param line: the id of the line; empty: it is about the chain
    """

    kind: Tampering
    text: str
    position: int = 0
    line: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying one municipality's log came to.

    :param lines: how many sealed lines were looked at
    :param waiting: how many are not in the chain yet, and genuine
    :param as_found: how many are from before there were MACs, and were sealed as they were
    :param retired: up to which position retention removed them; 0: none
    :param heads: how many exported heads were compared
    :param notes: what a reader should know, and is no fault
    """

    lines: int
    waiting: int
    as_found: int
    retired: int
    heads: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


def verify(
    store: SqlStore,
    municipality: str,
    now: datetime.datetime,
    heads: Sequence[ChainHead] | None = None,
) -> Verified:
    """Verify the whole log of a municipality. Changes nothing.

    :param heads: the exported heads of this municipality; None: nothing to compare
        with, and what was cut off at the end does not show
    :raises StoreUnavailable: the database cannot be used
    """
    for _ in range(_TRIES):
        reading = _Reading(store.keys, municipality, heads)
        first = _read(store, reading)
        found = reading.conclude(now)
        if not found.findings or first == _first(store, municipality):
            break
    return found


def _read(store: SqlStore, reading: _Reading) -> int:
    after, first = -1, 0
    while True:
        with store.transaction(reading.municipality) as work:
            rows = work.audit_chain.joined(after, _AT_ONCE)
        for row in rows:
            reading.see(row)
        if rows and not first:
            first = rows[0]["position"]
        if len(rows) < _AT_ONCE:
            break
        after = rows[-1]["position"]
    last = ""
    while True:
        with store.transaction(reading.municipality) as work:
            outside = work.audit_chain.outside(last, _AT_ONCE)
        for row in outside:
            reading.see_outside(row)
        if len(outside) < _AT_ONCE:
            return first
        last = outside[-1]["id"]


def _first(store: SqlStore, municipality: str) -> int:
    with store.transaction(municipality) as work:
        rows = work.audit_chain.joined(-1, 1)
    return int(rows[0]["position"]) if rows else 0


@dataclass(slots=True)
class _Reading:
    """What has been seen so far, seal by seal."""

    keys: KeyRing
    municipality: str
    heads: Sequence[ChainHead] | None
    findings: list[Finding] = field(default_factory=list)
    first: sa.RowMapping | None = None
    last: sa.RowMapping | None = None
    lines: int = 0
    found_positions: list[int] = field(default_factory=list)
    began: list[int] = field(default_factory=list)
    retired: tuple[int, str] = (0, "")
    restored_at: datetime.datetime | None = None
    # The links that the next seal may have been made of: as stored, and as it should be.
    _links: frozenset[str] = frozenset({""})
    _by_position: dict[int, str] = field(default_factory=dict)
    _macs: dict[str, str] = field(default_factory=dict)
    _wrong: dict[str, tuple[int, str]] = field(default_factory=dict)
    _gone: dict[str, tuple[int, str]] = field(default_factory=dict)
    _outside: list[sa.RowMapping] = field(default_factory=list)

    def see(self, row: sa.RowMapping) -> None:
        """A seal, with its line."""
        wanted = {head.position for head in self.heads or ()}
        if row["position"] in wanted:
            self._by_position[row["position"]] = row["link"]
        self._see_link(row)
        if self.first is None:
            self.first = row
        self.last = row
        if row["id"] is None:
            self._gone[row["line_id"]] = (row["position"], row["line_mac"])
            return
        self.lines += 1
        self._see_line(row)

    def see_outside(self, row: sa.RowMapping) -> None:
        """A line that is not in the chain."""
        self._outside.append(row)

    def _see_link(self, row: sa.RowMapping) -> None:
        position = row["position"]
        if self.last is None and position != 1:
            # Retention took the beginning: its line says which link this is.
            self._links = frozenset({row["link"]})
            return
        before = self.last["position"] if self.last is not None else 0
        is_next = position == before + 1
        if not is_next:
            cut = f"{before + 1} to {position - 1}"
            self._find(Tampering.CHAIN_CUT, f"the seals {cut} are missing", position)
        try:
            right = [self._link(one, row) for one in self._links]
        except Unreadable as error:
            self._find(Tampering.KEY_MISSING, str(error), position)
            right = [row["link"]]
        if is_next and row["link"] not in right:
            self._find(Tampering.CHAIN_EDITED, "the seal is not as it was made", position)
        self._links = frozenset({row["link"], *right})

    def _link(self, before: str, row: sa.RowMapping) -> str:
        return link_of(self.keys, self.municipality, before, {**row, "key_id": row["seal_key_id"]})

    def _see_line(self, row: sa.RowMapping) -> None:
        position, is_as_found = row["position"], not row["key_id"]
        if is_as_found:
            self.found_positions.append(position)
        try:
            key_id = row["seal_key_id"] if is_as_found else row["key_id"]
            right = line_mac(self.keys, self.municipality, row, key_id)
        except Unreadable as error:
            self._find(Tampering.KEY_MISSING, str(error), position, row["id"])
            return
        if right != row["line_mac"] or row["mac"] != ("" if is_as_found else right):
            self._wrong[row["id"]] = (position, row["mac"])
            self._macs[row["line_mac"]] = row["id"]
            return
        self._see_genuine(row)

    def _see_genuine(self, row: Row) -> None:
        """What a line says about the log itself, where it is one of ours."""
        if not row["key_id"]:
            return
        if row["event"] == BEGAN:
            self.began.append(int(row["detail"]))
        elif row["event"] == RETIRED:
            position, _, link = row["detail"].partition(" ")
            self.retired = max(self.retired, (int(position), link))
        elif row["event"] == RESTORED:
            self.restored_at = row["at"]

    def conclude(self, now: datetime.datetime) -> Verified:
        """All findings, by their place in the chain."""
        waiting = self._conclude_outside(now)
        self._conclude_beginning()
        self._conclude_gone()
        self._conclude_wrong()
        notes = self._conclude_heads(now)
        as_found = self._conclude_as_found()
        return Verified(
            lines=self.lines,
            waiting=waiting,
            as_found=as_found,
            retired=self.retired[0],
            heads=len(self.heads or ()),
            findings=tuple(sorted(self.findings, key=lambda one: (one.position, one.line))),
            notes=tuple(notes),
        )

    def _conclude_outside(self, now: datetime.datetime) -> int:
        waiting = 0
        for row in self._outside:
            if is_genuine(self.keys, self.municipality, row):
                waiting += 1
                self._see_genuine(row)
                if row["at"] < now - _UNSEALED_FOR:
                    text = f"waits for the chain since {_day(row['at'])}, or was put back"
                    self._find(Tampering.NOT_SEALED, text, line=row["id"])
            elif not self._was_renamed(row):
                text = "was put in by somebody without the key, or changed before it was sealed"
                self._find(Tampering.INSERTED, text, line=row["id"])
        return waiting

    def _was_renamed(self, row: sa.RowMapping) -> bool:
        """Is it a sealed line whose id was changed?"""
        for old, (position, mac) in self._gone.items():
            if mac == row["mac"]:
                del self._gone[old]
                self._find(Tampering.EDITED, f"its id was {old}", position, row["id"])
                return True
        return False

    def _conclude_beginning(self) -> None:
        if self.first is None:
            return
        position, link = self.retired
        first = self.first["position"]
        if position and first == position and self.first["link"] == link:
            self._gone.pop(self.first["line_id"], None)
        elif first != 1 or position:
            text = f"begins at {first}; retention removed what is up to {position}"
            self._find(Tampering.CHAIN_CUT, text, first)

    def _conclude_gone(self) -> None:
        for line, (position, _) in self._gone.items():
            self._find(Tampering.DELETED, "the line is missing", position, line)

    def _conclude_wrong(self) -> None:
        for line, (position, mac) in self._wrong.items():
            other = self._macs.get(mac, "")
            if mac and other and other != line:
                text = f"it says what the line {other} said"
                self._find(Tampering.SWAPPED, text, position, line)
            else:
                self._find(Tampering.EDITED, "it is not as it was written", position, line)

    def _conclude_as_found(self) -> int:
        most = min(self.began, default=None)
        if most is not None:
            for position in self.found_positions:
                if position > most:
                    text = "it has no MAC, and is not from before there were any"
                    self._find(Tampering.INSERTED, text, position)
        return len(self.found_positions)

    def _conclude_heads(self, now: datetime.datetime) -> list[str]:
        if self.heads is None:
            return ["nothing to compare with: what was cut off at the end does not show (--head)"]
        checked, notes = self._checked_heads()
        for head in checked:
            if self._is_there(head):
                continue
            if self.restored_at is not None and head.told_at <= self.restored_at:
                notes.append(
                    f"position {head.position} was lost when a backup was put back"
                    f" on {_day(self.restored_at)}"
                )
                continue
            text = f"the head of {_day(head.told_at)} knows another line here, and none is left"
            self._find(Tampering.TRUNCATED, text, head.position)
            break
        newest = max((head.told_at for head in checked), default=None)
        if self.first is not None and (newest is None or newest < now - _TOO_OLD):
            told = f"is of {_day(newest)}" if newest else "is missing"
            self._find(Tampering.HEAD_OLD, f"the newest exported head {told}")
        return notes

    def _checked_heads(self) -> tuple[list[ChainHead], list[str]]:
        """Those that are as they were exported, and notes of those that nobody needs any more."""
        checked: list[ChainHead] = []
        retired: Counter[str] = Counter()
        for head in self.heads or ():
            try:
                is_genuine_head = head_mac(self.keys, head) == head.mac
            except Unreadable:
                # A key is removed when retention has taken all that it vouched for, and the
                # file of heads is kept: what such a head knew of is not there to compare.
                if head.position < self.retired[0]:
                    retired[head.key_id] += 1
                else:
                    self._find_unchecked(head)
                continue
            if is_genuine_head:
                checked.append(head)
            else:
                text = f"the head of {_day(head.told_at)} is not as it was exported"
                self._find(Tampering.HEAD_EDITED, text, head.position)
        return checked, [
            f"{count} exported heads, made under the key {key_id!r} which is not here any more,"
            " tell only of lines that retention removed"
            for key_id, count in sorted(retired.items())
        ]

    def _find_unchecked(self, head: ChainHead) -> None:
        text = (
            f"the head of {_day(head.told_at)} was made under the key {head.key_id!r}, which is"
            " not here any more: it cannot be checked without the copy of the key file that was"
            " kept when the key was removed"
        )
        self._find(Tampering.HEAD_UNCHECKED, text, head.position)

    def _is_there(self, head: ChainHead) -> bool:
        if head.position < self.retired[0]:
            return True
        return self._by_position.get(head.position) == head.link

    def _find(self, kind: Tampering, text: str, position: int = 0, line: str = "") -> None:
        self.findings.append(Finding(kind, text, position, line))


def _day(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC"
