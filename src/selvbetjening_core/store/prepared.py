"""Statements written once, and carried out in one of two ways.

By SQLAlchemy, as all others are; or on SQLite by the driver itself, with the text that
SQLAlchemy made of the statement at the beginning. Its own part in carrying one out takes
several times as long as the database's. What the driver carries out fires none of
SQLAlchemy's events: whoever listens to statements has to listen to the driver
(``sqlite3.Connection.set_trace_callback``), too.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from selvbetjening_core.store.columns import SealedMap, UtcDateTime
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.scope import Scope

T = TypeVar("T")

Row = Sequence[Any]
Edition = tuple[Any, ...]
"""What a row is known by as it stands: see :meth:`Way.made`. Empty: it is not."""
Convert = Callable[[Any], Any]


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{text}+00:00")


def stored_moment(moment: datetime.datetime) -> str:
    """As SQLAlchemy stores it in SQLite."""
    if moment.tzinfo is None:
        raise ValueError("a stored moment needs a time zone")
    naive = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return naive.isoformat(" ", "microseconds")


def _map(text: str) -> Any:
    return {} if text == "{}" else json.loads(text)


_READ: Mapping[type, Convert] = {UtcDateTime: _moment, SealedMap: _map}
_WRITE: Mapping[type, Convert] = {UtcDateTime: stored_moment, SealedMap: json.dumps}


class Prepared:
    """A statement whose parameter ``here`` is the municipality.

    :param statement: for SQLAlchemy
    """

    def __init__(self, statement: sa.Select[Any] | sa.Update) -> None:
        self.statement = statement
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="named"))
        self.text = str(compiled)
        """For SQLite."""
        columns = tuple(statement.selected_columns) if isinstance(statement, sa.Select) else ()
        self.columns = columns
        """What it selects."""
        self.places = {c.name: n for n, c in enumerate(columns)}
        """Where in a row each column is."""
        self.readers = _converted(_READ, ((n, c.type) for n, c in enumerate(columns)))
        """What a column of SQLite's is read with, by its place."""
        binds = compiled.binds.items()
        self.writers = _converted(_WRITE, ((name, bind.type) for name, bind in binds))
        """What a parameter is written with, by its name."""

    def changed(self, row: Row, columns: Mapping[str, object]) -> Row:
        """``row`` as it is stored, with some columns in place of what they were."""
        became = list(row)
        for name, stored in columns.items():
            became[self.places[name]] = stored
        return tuple(became)


def _converted(known: Mapping[type, Convert], types: Any) -> tuple[tuple[Any, Convert], ...]:
    return tuple((key, known[type(kind)]) for key, kind in types if type(kind) in known)


class Way(Protocol):
    """How prepared statements are carried out, in one municipality."""

    def row(self, prepared: Prepared, **values: object) -> Row | None:
        """The one row, or None."""

    def found(self, prepared: Prepared, **values: object) -> Row | None:
        """The same, perhaps not yet converted: for :meth:`made`."""

    def made(
        self, prepared: Prepared, about: Hashable, make: Callable[[Row, Edition], T], found: Row
    ) -> T:
        """What ``make`` makes of a row and what it is known by; perhaps made before, of the same.

        :param prepared: what reads its columns
        :param about: what it depends on beside the row
        :param found: the row, as :meth:`found` gave it, or a part of it
        """

    def change(self, prepared: Prepared, **values: object) -> int:
        """Change rows; how many were changed."""


class Ordinarily:
    """By SQLAlchemy."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def row(self, prepared: Prepared, **values: object) -> Row | None:
        """The one row, or None."""
        return self._scope.run(prepared.statement, **values).one_or_none()

    def found(self, prepared: Prepared, **values: object) -> Row | None:
        """The one row, or None."""
        return self.row(prepared, **values)

    def made(
        self,
        prepared: Prepared,
        about: Hashable,
        make: Callable[[Row, Edition], T],
        found: Row,
    ) -> T:
        """What ``make`` makes of the row, which is known by nothing."""
        return make(found, ())

    def change(self, prepared: Prepared, **values: object) -> int:
        """Change rows; how many were changed."""
        return self._scope.run(prepared.statement, **values).rowcount


class Quickly:
    """On a connection of SQLite's own driver, which raises its own errors."""

    def __init__(self, connection: sqlite3.Connection, keys: KeyRing, municipality: str) -> None:
        self._connection = connection
        self._keys = keys
        self._municipality = municipality

    def row(self, prepared: Prepared, **values: object) -> Row | None:
        """The one row, or None. Raises the driver's errors."""
        found = self.found(prepared, **values)
        return None if found is None else _read(prepared, found)

    def found(self, prepared: Prepared, **values: object) -> Row | None:
        """The one row as it is stored, or None. Raises the driver's errors."""
        row: Row | None = self._run(prepared, values).fetchone()
        return row

    def made(
        self, prepared: Prepared, about: Hashable, make: Callable[[Row, Edition], T], found: Row
    ) -> T:
        """What ``make`` makes of the row, or made of late of the same row."""
        # The keys are unlike those of opened values: a statement is no cell.
        key = (prepared, self._municipality, about, found)
        return self._keys.remembered(key, lambda: make(_read(prepared, found), key))

    def change(self, prepared: Prepared, **values: object) -> int:
        """Change rows; how many were changed. Raises the driver's errors."""
        return self._run(prepared, values).rowcount

    def _run(self, prepared: Prepared, values: dict[str, Any]) -> sqlite3.Cursor:
        for name, write in prepared.writers:
            values[name] = write(values[name])
        values["here"] = self._municipality
        return self._connection.execute(prepared.text, values)


def _read(prepared: Prepared, found: Row) -> Row:
    row = list(found)
    for place, read in prepared.readers:
        row[place] = read(row[place])
    return row
