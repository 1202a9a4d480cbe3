"""What the repositories of one transaction share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.store.new_rows import new_row, new_row_if_free, put_row
from selvbetjening_core.store.sealing import Sealing
from selvbetjening_core.store.tables import metadata


@dataclass(frozen=True, slots=True)
class Scope(Sealing):
    """One connection inside a transaction, one municipality, and the keys."""

    connection: sa.Connection

    def here(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """The condition every statement begins with: rows of this municipality."""
        return table.c.municipality == self.municipality

    def insert(self, table: sa.Table, row: Mapping[str, object]) -> None:
        """Add a row of this municipality."""
        self.connection.execute(new_row(table), {"municipality": self.municipality, **row})

    def try_insert(self, table: sa.Table, row: Mapping[str, object]) -> bool:
        """Add a row; False, with the transaction as before, if a key is taken.

        Waits for another transaction that is about to take the key.
        """
        result = self.connection.execute(
            new_row_if_free(table, self.connection.dialect.name),
            {"municipality": self.municipality, **row},
            execution_options={"preserve_rowcount": True},
        )
        return result.rowcount > 0

    def run(self, statement: sa.Executable, **values: object) -> sa.CursorResult[Any]:
        """Carry out a statement that was built once; ``here`` in it is this municipality."""
        found: sa.CursorResult[Any] = self.connection.execute(
            statement, {"here": self.municipality, **values}
        )
        return found

    def put(
        self,
        table: sa.Table,
        row: Mapping[str, object],
        *,
        replaced: tuple[str, ...] = (),
        added: tuple[str, ...] = (),
    ) -> None:
        """Add a row; where its primary key is taken, change that row.

        :param replaced: columns that become what they are in ``row``
        :param added: columns that what they are in ``row`` is added to
        """
        statement = put_row(table, self.connection.dialect.name, replaced, added)
        self.connection.execute(statement, {"municipality": self.municipality, **row})

    def change(self, table: sa.Table, *where: sa.ColumnElement[bool], **values: object) -> bool:
        """Change rows of this municipality. Was there any?"""
        statement = sa.update(table).where(self.here(table), *where).values(values)
        return self.connection.execute(statement).rowcount > 0

    def remove(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> bool:
        """Remove rows of this municipality. Was there any?"""
        statement = sa.delete(table).where(self.here(table), *where)
        return self.connection.execute(statement).rowcount > 0

    def forget(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> None:
        """Remove rows of this municipality that nobody else is at: for what has run out.

        Transactions that do so at the same moment do not wait for each other.
        """
        key = sa.tuple_(*table.primary_key.columns)
        these = (
            sa.select(*table.primary_key.columns)
            .where(self.here(table), *where)
            .with_for_update(skip_locked=True)
        )
        self.remove(table, key.in_(these))

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

    def hold_row(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.RowMapping | None:
        """As :meth:`row`, and nobody else changes it until the transaction ends.

        One that another transaction is at is waited for, and comes as that one left it.
        """
        statement = sa.select(table).where(self.here(table), *where)
        # SQLite, which has one writer, leaves it out.
        statement = statement.with_for_update(key_share=True)
        return self.connection.execute(statement).mappings().one_or_none()

    def has(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> bool:
        """Is there any row of this municipality?"""
        statement = sa.select(sa.literal(1)).where(self.here(table), *where).limit(1)
        return self.connection.execute(statement).first() is not None


def municipalities_in(connection: sa.Connection) -> list[str]:
    """The kommunekoder that there is a row of, in any table. Looks at one row of each."""
    return sorted(
        {code for table in metadata.tables.values() for code in _codes(connection, table)}
    )


def _codes(connection: sa.Connection, table: sa.Table) -> Iterator[str]:
    last = ""
    while True:
        code = table.c.municipality
        found = connection.execute(sa.select(sa.func.min(code)).where(code > last)).scalar_one()
        if found is None:
            return
        yield found
        last = found
