"""The chain over the audit log: what is missing from it, or was put in later, shows.

Lines get their MAC when they are written, and no line waits for another: the
chain is made some seconds later, by one process at a time. What retention removes
is the beginning of the chain; its last seal stays, and a line says up to where.
"""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.journey.audit import AuditPurpose, ChainHead
from selvbetjening_core.store.audit import SqlAudit, new_line_id
from selvbetjening_core.store.audit_lines import HEAD, LINK, Row, as_text, line_mac
from selvbetjening_core.store.crypto import KeyRing, Unreadable
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import audit, audit_seal

BEGAN = "audit-began"
"""The first line of a chain; its detail: how many lines were sealed as they were found."""
RETIRED = "audit-retired"
"""Retention removed the beginning; its detail: up to which position, and that seal's link."""
SUBJECT = "audit"

_LATE_SECONDS = 600.0
_LATEST_SECONDS = 86_400.0
_BATCH = 500


class SqlAuditChain:
    """The chain of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def seal(self, now: datetime.datetime, most: int, *, thoroughly: bool = False) -> int:
        """Put lines that are not in the chain yet into it, in their order; how many.

        A line whose MAC is not its own is left out: somebody wrote it who has no key.
        None while another process is at it.

        :param thoroughly: look among the lines of a day, and not only of some
            minutes: a transaction may have taken long
        """
        last = self._last(hold=True)
        if last is not None and _position(self._last()) != _position(last):
            return 0
        if last is None or self._is_as_found(last):
            done = last["line_id"] if last is not None else ""
            found = list(self._unsealed(audit.c.key_id == "", after=done, most=most))
            if found:
                return self._append(last, found, now)
            self._begin(last, now)
        window = _LATEST_SECONDS if thoroughly else _LATE_SECONDS
        wanted = self._unsealed(
            audit.c.key_id != "", after=_earliest(last, window), most=most, only_genuine=True
        )
        return self._append(last, list(wanted), now)

    def head(self, now: datetime.datetime) -> ChainHead | None:
        """The end of the chain, to be told now; None where there is none yet."""
        last = self._last()
        if last is None:
            return None
        keys, here = self._scope.keys, self._scope.municipality
        now = now.replace(microsecond=0)
        head = ChainHead(here, last["position"], last["link"], now, keys.current, "")
        return replace(head, mac=head_mac(keys, head))

    def retire(self, before: datetime.datetime, now: datetime.datetime, most: int) -> int:
        """Remove lines written before from the beginning of the chain; how many.

        Lines that never came into the chain go as well.
        """
        stray = self._remove_strays(before, most)
        old, up_to = self._old_beginning(before, most)
        if up_to is None:
            return stray
        self._scope.remove(audit, audit.c.id.in_(old))
        self._scope.remove(audit_seal, audit_seal.c.position < up_to["position"])
        detail = f"{up_to['position']} {up_to['link']}"
        SqlAudit(self._scope).add(RETIRED, SUBJECT, now, detail, purpose=AuditPurpose.RETENTION)
        return stray + len(old)

    def _old_beginning(
        self, before: datetime.datetime, most: int
    ) -> tuple[list[str], sa.RowMapping | None]:
        """The ids of lines to remove, and the last seal of them. The chain's last stays."""
        last = self._last(hold=True)
        first = self.joined(after=-1, most=most + 1)
        old: list[str] = []
        up_to: sa.RowMapping | None = None
        for row in first:
            is_last = last is None or row["position"] == last["position"]
            # What a clock that was ahead wrote must not hold up all that came after it.
            written = min(row["at"] or row["sealed_at"], row["sealed_at"])
            if is_last or len(old) == most or written >= before:
                break
            up_to = row
            if row["id"] is not None:
                old.append(row["id"])
        return (old, up_to) if old else ([], None)

    def _remove_strays(self, before: datetime.datetime, most: int) -> int:
        statement = (
            sa.select(audit.c.id)
            .where(self._scope.here(audit), audit.c.at < before, ~self._is_sealed())
            .order_by(audit.c.at)
            .limit(most)
        )
        ids = self._scope.connection.execute(statement).scalars().all()
        if ids:
            self._scope.remove(audit, audit.c.id.in_(ids))
        return len(ids)

    def joined(self, after: int, most: int) -> Sequence[sa.RowMapping]:
        """Seals behind a position, in order, each with its line; the line's columns may be empty.

        A seal's ``key_id`` is named ``seal_key_id``.
        """
        columns = [one for one in audit.c if one.name != "municipality"]
        statement = (
            sa.select(
                audit_seal.c.position,
                audit_seal.c.line_id,
                audit_seal.c.line_mac,
                audit_seal.c.key_id.label("seal_key_id"),
                audit_seal.c.link,
                audit_seal.c.sealed_at,
                *columns,
            )
            .select_from(
                audit_seal.outerjoin(
                    audit,
                    sa.and_(self._scope.here(audit), audit.c.id == audit_seal.c.line_id),
                )
            )
            .where(self._scope.here(audit_seal), audit_seal.c.position > after)
            .order_by(audit_seal.c.position)
            .limit(most)
        )
        return self._scope.connection.execute(statement).mappings().all()

    def outside(self, after: str, most: int) -> Sequence[sa.RowMapping]:
        """Lines that are not in the chain, by id."""
        statement = (
            sa.select(audit)
            .where(self._scope.here(audit), audit.c.id > after, ~self._is_sealed())
            .order_by(audit.c.id)
            .limit(most)
        )
        return self._scope.connection.execute(statement).mappings().all()

    def _is_sealed(self) -> sa.ColumnElement[bool]:
        """Looked up line by line: a join is planned after how many seals there once were.

        PostgreSQL counts now and then, and a joined plan made for a few seals takes the
        square of the lines that came since, until its time is out.
        """
        of_line = sa.select(audit_seal.c.position).where(
            self._scope.here(audit_seal), audit_seal.c.line_id == audit.c.id
        )
        return of_line.scalar_subquery().is_not(None)

    def _last(self, *, hold: bool = False) -> sa.RowMapping | None:
        statement = (
            sa.select(audit_seal)
            .where(self._scope.here(audit_seal))
            .order_by(audit_seal.c.position.desc())
            .limit(1)
        )
        if hold:
            statement = statement.with_for_update(key_share=True)
        return self._scope.connection.execute(statement).mappings().one_or_none()

    def _is_as_found(self, last: sa.RowMapping) -> bool:
        """Is the chain still at the lines from before there were MACs?"""
        return self._scope.has(audit, audit.c.id == last["line_id"], audit.c.key_id == "")

    def _begin(self, last: sa.RowMapping | None, now: datetime.datetime) -> None:
        SqlAudit(self._scope).add(BEGAN, SUBJECT, now, str(last["position"] if last else 0))

    def _unsealed(
        self,
        which: sa.ColumnElement[bool],
        *,
        after: str,
        most: int,
        only_genuine: bool = False,
    ) -> Iterator[sa.RowMapping]:
        wanted = most
        while wanted > 0:
            statement = (
                sa.select(audit)
                .where(self._scope.here(audit), which, audit.c.id > after, ~self._is_sealed())
                .order_by(audit.c.id)
                .limit(_BATCH)
            )
            rows = self._scope.connection.execute(statement).mappings().all()
            for row in rows[:wanted]:
                if not only_genuine or is_genuine(self._scope.keys, self._scope.municipality, row):
                    wanted -= 1
                    yield row
            if len(rows) < _BATCH:
                return
            after = rows[-1]["id"]

    def _append(
        self, last: sa.RowMapping | None, rows: Sequence[sa.RowMapping], now: datetime.datetime
    ) -> int:
        keys, here = self._scope.keys, self._scope.municipality
        key_id, position = keys.current, _position(last)
        link = last["link"] if last is not None else ""
        seals = []
        for row in rows:
            position += 1
            seal = {
                "municipality": here,
                "position": position,
                "line_id": row["id"],
                "line_mac": row["mac"] or line_mac(keys, here, row, key_id),
                "key_id": key_id,
                "sealed_at": now,
            }
            link = link_of(keys, here, link, seal)
            seals.append({**seal, "link": link})
        if seals:
            self._scope.connection.execute(sa.insert(audit_seal), seals)
        return len(seals)


def is_genuine(keys: KeyRing, municipality: str, row: Row) -> bool:
    """Was the line written here, by one who has the key, and not changed since?"""
    try:
        return bool(row["mac"]) and line_mac(keys, municipality, row) == row["mac"]
    except Unreadable:
        return False


def link_of(keys: KeyRing, municipality: str, before: str, seal: Mapping[str, Any]) -> str:
    """The link of a seal: keyed, and made of the link before it.

    :raises Unreadable: its key is missing
    """
    names = ("position", "line_id", "line_mac", "key_id")
    content = [municipality, before, as_text(seal["sealed_at"]), *(seal[name] for name in names)]
    signed = json.dumps(content, separators=(",", ":")).encode()
    return keys.mac(municipality, LINK, seal["key_id"], signed)


def head_mac(keys: KeyRing, head: ChainHead) -> str:
    """The MAC of an exported head.

    :raises Unreadable: its key is missing
    """
    content = [head.municipality, head.position, head.link, as_text(head.told_at), head.key_id]
    signed = json.dumps(content, separators=(",", ":")).encode()
    return keys.mac(head.municipality, HEAD, head.key_id, signed)


def _position(seal: sa.RowMapping | None) -> int:
    return int(seal["position"]) if seal is not None else 0


def _earliest(last: sa.RowMapping | None, window: float) -> str:
    """The id that lines of so many seconds before the last sealed one come after."""
    if last is None:
        return ""
    try:
        written = int(last["line_id"][:16], 16) / 1e9
    except ValueError:
        return ""
    return new_line_id(max(0.0, min(written, time.time()) - window))[:16]
