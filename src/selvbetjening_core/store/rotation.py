"""Sealing anew under the current key what was sealed under another, while all goes on.

Every batch is one short transaction that looks at some rows, and writes those that
need it. Whoever is killed in between has lost nothing, and begins again at the front:
what is done is passed over.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.store.columns import Sealed, SealedMap
from selvbetjening_core.store.crypto import key_id_of
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import audit, metadata

BATCH = 100
_ROW_IDS = {
    "component_value": "{component}|{key_index}",
    "delivery_attempt": "{delivery_id}.{number}",
    "staff_session": "{token_hash}",
    "web_session": "{token_hash}",
}
"""What the cells of a table call their row, where that is not its ``id``."""
_MAC_KEY = "key_id"

Position = tuple[Any, ...]


def sealed_tables() -> tuple[str, ...]:
    """The names of all tables that hold anything sealed."""
    return tuple(table.name for table in metadata.sorted_tables if _sealed(table))


class SqlSealed:
    """What is sealed in one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def reseal(self, table_name: str, after: Position = ()) -> tuple[int, Position]:
        """Look at the next rows of a table; how many values were sealed anew, and where to go on.

        :param after: where the call before ended; empty: from the front
        :returns: an empty position at the end of the table
        :raises Unreadable: a value cannot be opened; nothing of the batch is changed
        """
        table = metadata.tables[table_name]
        rows = self._next(table, after, hold=True)
        done = sum(self._reseal_row(table, row) for row in rows)
        return done, _position(table, rows)

    def count(self, table_name: str, after: Position = ()) -> tuple[Counter[str], Position]:
        """Look at the next rows of a table: how many values are sealed under each key id."""
        table = metadata.tables[table_name]
        rows = self._next(table, after, hold=False)
        found = Counter(key_id_of(token) for row in rows for token in _tokens(table, row))
        return found, _position(table, rows)

    def count_macs(self) -> Counter[str]:
        """How many lines are vouched for by a MAC under each key id. They are never made anew."""
        found: Counter[str] = Counter()
        for table in metadata.sorted_tables:
            if _MAC_KEY in table.c:
                for key_id, count in self._scope.connection.execute(self._macs(table)):
                    found[key_id] += count
        return found

    def last_lines(self) -> dict[str, datetime.datetime]:
        """When the newest line of the audit log was written under each key id."""
        statement = (
            sa.select(audit.c.key_id, sa.func.max(audit.c.at).label("last"))
            .where(self._scope.here(audit), audit.c.key_id != "")
            .group_by(audit.c.key_id)
        )
        rows = self._scope.connection.execute(statement)
        return {row.key_id: row.last for row in rows}

    def _macs(self, table: sa.Table) -> sa.Select[str, int]:
        key_id = table.c[_MAC_KEY]
        return (
            sa.select(key_id, sa.func.count())
            .where(self._scope.here(table), key_id != "")
            .group_by(key_id)
        )

    def _next(self, table: sa.Table, after: Position, *, hold: bool) -> list[sa.RowMapping]:
        key = _key(table)
        wanted = {column.name: column for column in (*key, *_sealed(table))}
        statement = (
            sa.select(*wanted.values())
            .where(self._scope.here(table), *_beyond(key, after))
            .order_by(*key)
            .limit(BATCH)
        )
        if hold:
            # A row that somebody else is at is left to the next round: neither waits for
            # the other. SQLite, which has one writer, leaves it out.
            statement = statement.with_for_update(key_share=True, skip_locked=True)
        return list(self._scope.connection.execute(statement).mappings())

    def _reseal_row(self, table: sa.Table, row: sa.RowMapping) -> int:
        current = self._scope.keys.current
        done = sum(key_id_of(token) != current for token in _tokens(table, row))
        if done:
            changed = {
                column.name: self._column_anew(table, row, column)
                for column in _sealed(table)
                if row[column.name] is not None
            }
            this = (column == row[column.name] for column in _key(table))
            self._scope.change(table, *this, **changed)
        return done

    def _column_anew(
        self, table: sa.Table, row: sa.RowMapping, column: sa.Column[Any]
    ) -> str | dict[str, str]:
        value = row[column.name]
        if not isinstance(column.type, SealedMap):
            return self._anew(table, row, column.name, value)
        return {
            name: self._anew(table, row, f"{column.name}.{name}", token)
            for name, token in value.items()
        }

    def _anew(self, table: sa.Table, row: sa.RowMapping, field: str, token: str) -> str:
        if key_id_of(token) == self._scope.keys.current:
            return token
        row_id = _ROW_IDS.get(table.name, "{id}").format_map(row)
        return self._scope.seal(table, row_id, field, self._scope.open(table, row_id, field, token))


def _key(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.primary_key.columns if column.name != "municipality"]


def _sealed(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Sealed | SealedMap)]


def _beyond(key: list[sa.Column[Any]], after: Position) -> Iterator[sa.ColumnElement[bool]]:
    if after:
        yield sa.tuple_(*key) > sa.tuple_(*(sa.literal(one) for one in after))


def _position(table: sa.Table, rows: list[sa.RowMapping]) -> Position:
    """After the last of them; empty where there can be no more."""
    if len(rows) < BATCH:
        return ()
    return tuple(rows[-1][column.name] for column in _key(table))


def _tokens(table: sa.Table, row: sa.RowMapping) -> Iterator[str]:
    for column in _sealed(table):
        value = row[column.name]
        if isinstance(column.type, SealedMap):
            yield from (value or {}).values()
        elif value is not None:
            yield value
