"""What the repositories of one transaction share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from selvbetjening_core.store.crypto import Cell, KeyRing
from selvbetjening_core.values import CprNumber


@dataclass(frozen=True, slots=True)
class Scope:
    """One connection inside a transaction, one municipality, and the keys."""

    connection: sa.Connection
    keys: KeyRing
    municipality: str

    def here(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """The condition every statement begins with: rows of this municipality."""
        return table.c.municipality == self.municipality

    def insert(self, table: sa.Table, row: Mapping[str, object]) -> None:
        """Add a row of this municipality."""
        self.connection.execute(sa.insert(table), {"municipality": self.municipality, **row})

    def try_insert(self, table: sa.Table, row: Mapping[str, object]) -> bool:
        """Add a row; False, with the transaction as before, if a key is taken."""
        try:
            with self.connection.begin_nested():
                self.insert(table, row)
        except IntegrityError:
            return False
        return True

    def change(self, table: sa.Table, *where: sa.ColumnElement[bool], **values: object) -> bool:
        """Change rows of this municipality. Was there any?"""
        statement = sa.update(table).where(self.here(table), *where).values(values)
        return self.connection.execute(statement).rowcount > 0

    def remove(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> bool:
        """Remove rows of this municipality. Was there any?"""
        statement = sa.delete(table).where(self.here(table), *where)
        return self.connection.execute(statement).rowcount > 0

    def rows(
        self, table: sa.Table, *where: sa.ColumnElement[bool], order: tuple[Any, ...] = ()
    ) -> list[sa.RowMapping]:
        """Rows of this municipality, by column name."""
        statement = sa.select(table).where(self.here(table), *where).order_by(*order)
        return list(self.connection.execute(statement).mappings())

    def row(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.RowMapping | None:
        """The one row of this municipality, or None."""
        statement = sa.select(table).where(self.here(table), *where)
        return self.connection.execute(statement).mappings().one_or_none()

    def has(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> bool:
        """Is there any row of this municipality?"""
        statement = sa.select(sa.literal(1)).where(self.here(table), *where).limit(1)
        return self.connection.execute(statement).first() is not None

    def index(self, cpr: CprNumber) -> str:
        """What ``cpr`` is looked up by in this municipality."""
        return self.keys.index(self.municipality, cpr)

    def seal(self, table: sa.Table, row_id: str, field: str, text: str) -> str:
        """``text`` as a token that can be opened in this cell alone."""
        return self.keys.seal(Cell(self.municipality, table.name, row_id, field), text)

    def open(self, table: sa.Table, row_id: str, field: str, token: str) -> str:
        """The text sealed in this cell. :raises Unreadable: it was not sealed here."""
        return self.keys.open(Cell(self.municipality, table.name, row_id, field), token)

    def seal_json(self, table: sa.Table, row_id: str, field: str, data: object) -> str:
        """JSON data as a token."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return self.seal(table, row_id, field, text)

    def open_json(self, table: sa.Table, row_id: str, field: str, token: str) -> Any:
        """The JSON data sealed in this cell."""
        return json.loads(self.open(table, row_id, field, token))

    def seal_each(
        self, table: sa.Table, row_id: str, field: str, values: Mapping[str, object]
    ) -> dict[str, str]:
        """A token for each of ``values``; each can be opened under its own name alone."""
        return {
            name: self.seal_json(table, row_id, f"{field}.{name}", value)
            for name, value in values.items()
        }

    def open_each(
        self, table: sa.Table, row_id: str, field: str, tokens: Mapping[str, str]
    ) -> dict[str, Any]:
        """The values that :meth:`seal_each` sealed."""
        return {
            name: self.open_json(table, row_id, f"{field}.{name}", token)
            for name, token in tokens.items()
        }
