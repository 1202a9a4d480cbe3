"""The audit log. There is no way here to change or remove a line."""

from __future__ import annotations

import datetime
import secrets
import time
from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.audit import AuditWanted, AuditWay
from selvbetjening_core.journey.records import AuditLine
from selvbetjening_core.store.audit_lines import line_mac, person_index, persons_index
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import about_several, about_somebody
from selvbetjening_core.store.tables import audit as table
from selvbetjening_core.values import CprNumber


class SqlAudit:
    """The audit log of one municipality, in one transaction.

    :param actors_come_by: the way of whoever is named as an actor, where the line
        does not say it
    """

    def __init__(self, scope: Scope, actors_come_by: AuditWay = AuditWay.STAFF) -> None:
        self._scope = scope
        self._actors_come_by = actors_come_by

    def add(
        self,
        event: str,
        subject: str,
        now: datetime.datetime,
        detail: str = "",
        *,
        actor: str = "",
        way: AuditWay | None = None,
        purpose: str = "",
        persons: Collection[CprNumber] = (),
    ) -> None:
        """One line. ``subject`` is an id; no personal data of citizens in any of it.

        :param actor: the member of staff, by the name they log in with; empty: the
            application itself, or a citizen
        :param way: by which way they came; None: as everybody who is named as an
            actor here, and the application itself where nobody is
        :param purpose: why, where the event does not say it
        :param persons: whose data it is about: kept as keyed indexes
        """
        if way is None:
            way = self._actors_come_by if actor else AuditWay.APPLICATION
        keys, here = self._scope.keys, self._scope.municipality
        # Once: a rotation may come in between.
        key_id = keys.current
        row = {
            "id": new_line_id(),
            "at": now,
            "event": event,
            "subject": subject,
            "detail": detail,
            "actor": actor,
            "way": way.value,
            "purpose": str(purpose),
            "persons": persons_index(keys, here, key_id, persons) if persons else "",
            "key_id": key_id,
        }
        self._scope.insert(table, {**row, "mac": line_mac(keys, here, row)})

    def about(self, *subjects: str) -> Sequence[AuditLine]:
        """What was done about these, first to last."""
        rows = self._scope.rows(table, table.c.subject.in_(subjects), order=(table.c.id,))
        return [_line(row) for row in rows]

    def lines(self, wanted: AuditWanted) -> Sequence[AuditLine]:
        """The newest lines of those wanted, first to last."""
        statement = (
            sa.select(table)
            .where(self._scope.here(table), *self._conditions(wanted))
            .order_by(table.c.id.desc())
            .limit(wanted.most)
        )
        rows = self._scope.connection.execute(statement).mappings().all()
        return [_line(row) for row in reversed(rows)]

    def _conditions(self, wanted: AuditWanted) -> Iterator[sa.ColumnElement[bool]]:
        if wanted.since is not None:
            yield table.c.at >= wanted.since
        if wanted.until is not None:
            yield table.c.at < wanted.until
        if wanted.subjects:
            yield table.c.subject.in_(wanted.subjects)
        for name in ("event", "actor", "way"):
            if getattr(wanted, name):
                yield table.c[name] == getattr(wanted, name)
        if wanted.person is not None:
            yield self._is_about(wanted.person)

    def _is_about(self, person: CprNumber) -> sa.ColumnElement[bool]:
        """A line is found by the index under the key it was written with."""
        keys, here = self._scope.keys, self._scope.municipality
        found = [
            statement
            for key_id in self._keys_used()
            for statement in self._about_one(key_id, person_index(keys, here, key_id, person))
        ]
        return table.c.id.in_(sa.union_all(*found)) if found else sa.false()

    def _about_one(self, key_id: str, person: str) -> Iterator[sa.Select[str]]:
        """The ids of the lines about that person alone, and of those about others as well."""
        lines = sa.select(table.c.id).where(self._scope.here(table))
        yield lines.where(about_somebody, table.c.key_id == key_id, table.c.persons == person)
        yield lines.where(about_several, table.c.persons.contains(person))

    def _keys_used(self) -> Iterator[str]:
        """The keys that lines about somebody were written under: a step in the index for each."""
        last: str | None = ""
        while True:
            statement = sa.select(sa.func.min(table.c.key_id)).where(
                self._scope.here(table), about_somebody, table.c.key_id > last
            )
            last = self._scope.connection.execute(statement).scalar_one()
            if last is None:
                return
            yield last


def new_line_id(at: float | None = None) -> str:
    """An id that begins with the time of writing, so that ids sort as lines were written."""
    nanoseconds = time.time_ns() if at is None else int(at * 1e9)
    return f"{nanoseconds:016x}{secrets.token_hex(8)}"


def _line(row: sa.RowMapping) -> AuditLine:
    return AuditLine(
        row["at"],
        row["event"],
        row["subject"],
        row["detail"],
        row["actor"],
        row["way"],
        row["purpose"],
        row["id"],
    )
