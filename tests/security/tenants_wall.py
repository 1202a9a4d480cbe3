"""PostgreSQL alone, without a word of ours: every table as a role that owns none of them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import psycopg
from psycopg import sql
from tenants_database import Tried
from tenants_rows import HERE, THERE

from selvbetjening_core.store.tables import metadata

STRANGER = "stranger"
_GRANT = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO stranger"
_SAY = "SELECT set_config('selvbetjening.municipality', %s, false)"
_READ = "SELECT count(*) FROM {table} WHERE municipality = '0773'"
_CHANGE: Mapping[str, str] = {
    "changed": "UPDATE {table} SET municipality = municipality WHERE municipality = '0773'",
    "taken": "UPDATE {table} SET municipality = '0751' WHERE municipality = '0773'",
    "given": "UPDATE {table} SET municipality = '0773' WHERE municipality = '0751'",
    "removed": "DELETE FROM {table} WHERE municipality = '0773'",
    "added": "INSERT INTO {table} ({columns}) SELECT {values} FROM {table}"
    " WHERE municipality = '0751' LIMIT 1",
}


def address_of_stranger(url: str) -> str:
    """A role that may use all tables of the database, and owns none."""
    with psycopg.connect(url, autocommit=True) as connection:
        with contextlib.suppress(psycopg.errors.DuplicateObject):
            connection.execute("CREATE ROLE stranger LOGIN")
        connection.execute(_GRANT)
    return url.replace("//postgres@", f"//{STRANGER}@")


def try_tables(address: str, tried: Tried) -> None:
    """Read, change, remove and add rows of the other municipality in every table."""
    for said in (HERE, ""):
        place = "a connection for us" if said else "a connection for nobody"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(_SAY, (said,))
            for name in metadata.tables:
                _try_table(connection, name, place, tried)


def _try_table(connection: psycopg.Connection, name: str, place: str, tried: Tried) -> None:
    count = connection.execute(_statement(_READ, name)).fetchone()
    tried.note(place, f"{name} read", crossed=count != (0,))
    for what, statement in _CHANGE.items():
        tried.note(place, f"{name} {what}", crossed=_rows(connection, statement, name) > 0)


def _rows(connection: psycopg.Connection, statement: str, name: str) -> int:
    """How many rows a statement is about; it is taken back."""
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(_statement(statement, name)).rowcount
    except psycopg.Error:
        # Refused is as good as nothing done.
        return 0


def _statement(text: str, name: str) -> sql.Composed:
    columns = [column.name for column in metadata.tables[name].columns]
    values = [
        sql.Literal(THERE) if column == "municipality" else sql.Identifier(column)
        for column in columns
    ]
    return sql.SQL(text).format(  # type: ignore[arg-type]  # a text of this module
        table=sql.Identifier(name),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
    )
