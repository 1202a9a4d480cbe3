"""A log of two municipalities, as one who can write in the database sees it: rows."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.journey.audit import ChainHead
from selvbetjening_core.store import audit_chain, audit_lines
from selvbetjening_core.store.audit import new_line_id
from selvbetjening_core.store.audit_check import Tampering, Verified, verify
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.postgresql import see_everywhere
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import audit, audit_seal

HERE, ELSEWHERE = "0773", "0851"
NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
MASTER = {"k1": bytes(range(32)), "k2": bytes(range(1, 33))}
# Whoever writes in the database has some key, and not ours.
_STRANGER = KeyRing({"k1": b"\x55" * 32, "k2": b"\x66" * 32}, "k2")
# Every call looks at all lines of some minutes: in a test, those are all there are.
_AT_ONCE = 10_000

Row = dict[str, Any]


@dataclass
class Rows:
    """Both tables, to be tampered with. A seal goes by ``position``, a line by ``id``."""

    lines: list[Row]
    seals: list[Row]
    heads: list[ChainHead] = field(default_factory=list)

    def line(self, place: float, code: str = HERE) -> Row:
        """A sealed line, by how far along it is: 0 is the first, 1 the last."""
        seals = self.of(code)
        wanted = seals[round(place * (len(seals) - 1))]["line_id"]
        return next(one for one in self.lines if one["id"] == wanted)

    def seal_of(self, line: Row) -> Row:
        """The seal of a line."""
        return next(one for one in self.seals if one["line_id"] == line["id"])

    def of(self, code: str) -> list[Row]:
        """The seals of a municipality, in order."""
        found = [one for one in self.seals if one["municipality"] == code]
        return sorted(found, key=lambda one: one["position"])

    def remove(self, *lines: Row, seals: bool = False) -> None:
        """Take lines out; with their seals."""
        ids = {one["id"] for one in lines}
        if seals:
            self.seals = [one for one in self.seals if one["line_id"] not in ids]
        self.lines = [one for one in self.lines if one["id"] not in ids]

    def sign(self, line: Row) -> None:
        """The MAC as well as somebody without our key can make it."""
        line["mac"] = audit_lines.line_mac(_STRANGER, line["municipality"], line, line["key_id"])

    def link_anew(self, code: str = HERE) -> None:
        """The whole chain, as well as somebody without our key can make it."""
        link = ""
        for position, seal in enumerate(self.of(code), 1):
            seal["position"] = position
            link = audit_chain.link_of(_STRANGER, code, link, seal)
            seal["link"] = link


class World:
    """The log in one database.

    :param number: how many lines there are
    """

    def __init__(self, url: str, number: int) -> None:
        self.engine = open_engine(url)
        upgrade(self.engine)
        self.now = NOW
        self._number = number
        self.heads: list[ChainHead] = []
        self._store = self._with("k1")
        self._fill()

    @contextlib.contextmanager
    def _everywhere(self) -> Iterator[sa.Connection]:
        """A transaction of one who can write whatever they like."""
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                see_everywhere(connection)
            yield connection

    def _with(self, current: str) -> SqlStore:
        return SqlStore(self.engine, KeyRing(MASTER, current, "k1"), lambda: self.now)

    def _fill(self) -> None:
        """Some before there were MACs, then a key each half, and a head behind each third."""
        self._write_plain(3)
        for part, current in enumerate(("k1", "k1", "k2")):
            self._store = self._with(current)
            for code in (HERE, ELSEWHERE):
                self.write(self._number // 3, f"part-{part}", code)
                self.seal(code)
            self.heads.append(self.head())
            self.now += datetime.timedelta(days=1)
        self.write(4, "after-the-head", HERE)
        self.seal()

    def _write_plain(self, number: int) -> None:
        """Lines as they were written before there were MACs."""
        plain = {"municipality": HERE, "at": self.now, "event": "old", "subject": "s-0"}
        rows = [{**plain, "id": new_line_id(), "detail": f"nr {one}"} for one in range(number)]
        with self._everywhere() as connection:
            connection.execute(sa.insert(audit), rows)

    def write(self, number: int, word: str, code: str = HERE) -> None:
        """Add lines."""
        with self._store.transaction(code) as work:
            for one in range(number):
                work.audit.add(word, f"s-{one}", self.now, f"nr {one}", actor="ann")

    def seal(self, code: str = HERE) -> None:
        """Put them into the chain."""
        with self._store.transaction(code) as work:
            while work.audit_chain.seal(self.now, _AT_ONCE):
                pass

    def head(self) -> ChainHead:
        """The head as it is exported now."""
        with self._store.transaction(HERE) as work:
            head = work.audit_chain.head(self.now)
        assert head is not None
        return head

    def retire(self, days: int) -> None:
        """Retention after so many days."""
        self.now += datetime.timedelta(days=days)
        with self._store.transaction(HERE) as work:
            before = self.now - datetime.timedelta(days=1)
            assert work.retention.erase_audit(before, self.now, 10)
        self.seal()

    def read(self) -> Rows:
        """All rows, as they are."""
        with self._everywhere() as connection:
            lines, seals = (
                [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                for table in (audit, audit_seal)
            )
        return Rows(lines, seals, list(self.heads))

    def put(self, rows: Rows) -> None:
        """These rows in place of those that are there."""
        with self._everywhere() as connection:
            for table, new in ((audit, rows.lines), (audit_seal, rows.seals)):
                connection.execute(sa.delete(table))
                if new:
                    connection.execute(sa.insert(table), new)

    def verify(self, heads: Sequence[ChainHead] | None, code: str = HERE) -> Verified:
        """What verifying says."""
        return verify(self._store, code, self.now, heads)

    def found(self, rows: Rows) -> set[Tampering]:
        """What verifying finds in these rows, with their heads."""
        self.put(rows)
        return {one.kind for one in self.verify(rows.heads).findings}

    def other_course(self, rows: Rows) -> Rows:
        """How the log would look if other things had happened behind the last head."""
        head = rows.heads[-1].position
        mine = deepcopy(rows)
        late = [one["line_id"] for one in mine.of(HERE) if one["position"] > head]
        mine.remove(*(one for one in mine.lines if one["id"] in late), seals=True)
        self.put(mine)
        self.write(len(late), "another-course")
        self.seal()
        return self.read()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
