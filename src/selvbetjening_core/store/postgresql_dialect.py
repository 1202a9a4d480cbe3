"""How PostgreSQL is spoken to. Imported by SQLAlchemy, when the first such engine is opened."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from selvbetjening_core.store.postgresql import place_taken
from selvbetjening_core.store.tables import metadata


class Dialect(PGDialect_psycopg):
    """As SQLAlchemy's own; a transaction says at its beginning which municipality it is for."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin, and say for whom: in one message, which takes as long as beginning alone."""
        connection = dbapi_connection.driver_connection
        if connection.autocommit:
            return
        said = place_taken(dbapi_connection.info)
        begin = f"BEGIN; {said}" if said else "BEGIN"
        # The driver itself would send it before the first statement, without the rest.
        result = connection.pgconn.exec_(begin.encode())
        if result.error_message:
            told = result.error_message.decode(errors="replace")
            raise self.loaded_dbapi.OperationalError(told)


def _keep_partial(tables: sa.MetaData) -> None:
    """What is a partial index in SQLite is one here. Said twice, it is the same.

    Said where the tables are, it would make SQLAlchemy load this dialect for everybody.
    """
    for table in tables.tables.values():
        for index in table.indexes:
            condition = index.dialect_kwargs.get("sqlite_where")
            if condition is not None:
                index.dialect_kwargs["postgresql_where"] = condition


_keep_partial(metadata)
