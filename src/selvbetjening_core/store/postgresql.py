"""PostgreSQL: several processes on several machines.

Row-level security is a second wall between municipalities: a transaction says at its
beginning which one it is for, and the database shows and takes rows of that one alone,
whatever its statements say. One that says nothing sees nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.pool import ConnectionPoolEntry

_MIGRATION_LOCK = 0x5E1F_BE7E
# Of connections of other roles a plain role is told whose they are, and not of which kind.
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND (backend_type = 'client backend' OR (backend_type IS NULL AND usesysid IS NOT NULL))"
    " AND pid <> pg_backend_pid()"
)
"""How many other connections there are to this database."""
DRIVER = "postgresql+selvbetjening"
EVERYWHERE = "*"
"""In place of a kommunekode: the rows of every municipality."""
_PLACE = "municipality"
_NAMED = re.compile(r"[0-9]{4}|\*", re.ASCII)
_BYPASSES = "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user"
_CONNECT_SECONDS = 5
_IDLE_SECONDS = 1.0
_USED_AT = "used_at"
# Nothing outside is called in a transaction, so none has a reason to take longer.
_SESSION = {
    "lock_timeout": "2500",
    "statement_timeout": "10000",
    "idle_in_transaction_session_timeout": "10000",
    "timezone": "UTC",
    "synchronous_commit": "on",
}
# A machine that was cut off is noticed after some seconds, not after some hours.
_NETWORK = {
    "connect_timeout": _CONNECT_SECONDS,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def open_postgresql(address: sa.URL) -> sa.Engine:
    """An engine for ``postgresql://user@host/database``, with the driver psycopg.

    Durable whatever the server's default: ``synchronous_commit`` is on. A
    connection that broke while nobody used it is noticed when it is taken from the pool. Error
    messages leave out the values of statements.
    """
    engine = sa.create_engine(
        address.set(drivername=DRIVER),
        pool_size=20,
        max_overflow=20,
        pool_timeout=5,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
            **_NETWORK,
        },
    )
    sa.event.listen(engine, "checkin", _note_use)
    sa.event.listen(engine, "checkout", _look_if_idle(engine))
    return engine


# SQLAlchemy imports it when the first such engine is opened.
registry.register(
    DRIVER.replace("+", "."), "selvbetjening_core.store.postgresql_dialect", "Dialect"
)


def place_taken(info: dict[str, Any]) -> str:
    """The statement that says for whom a transaction is; empty where nobody said it.

    :param info: of the connection; what was said holds for one transaction
    """
    place = info.pop(_PLACE, "")
    return _said(place) if place else ""


def say_where(connection: sa.Connection, municipality: str) -> None:
    """The transaction that is begun next is for ``municipality``: a kommunekode."""
    connection.info[_PLACE] = municipality


def see_everywhere(connection: sa.Connection) -> None:
    """Until the transaction ends it is for every municipality.

    Only for what concerns all of them: making tables, moving everything, and asking
    which municipalities there are.
    """
    connection.exec_driver_sql(_said(EVERYWHERE))


def bypasses_row_security(connection: sa.Connection) -> bool:
    """Is the role that is logged in one that row-level security does not hold for?"""
    found: bool = connection.exec_driver_sql(_BYPASSES).scalar_one()
    return found


def _said(place: str) -> str:
    """:raises ValueError: it is no kommunekode"""
    if not _NAMED.fullmatch(place):
        raise ValueError("a municipality is named by its kommunekode: four digits")
    return f"SET LOCAL selvbetjening.municipality = '{place}'"


def _note_use(_connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED_AT] = time.monotonic()


def _look_if_idle(engine: sa.Engine) -> Callable[[Any, ConnectionPoolEntry, Any], None]:
    """Ask a connection that nobody used for a moment whether it is still there.

    One that was just used is taken as it is: asking costs as much as a statement.
    """

    def look(connection: Any, entry: ConnectionPoolEntry, _fairy: Any) -> None:
        used_at = entry.info.get(_USED_AT)
        if used_at is None or time.monotonic() - used_at < _IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            raise sa.exc.DisconnectionError("the connection is gone") from None

    return look


def wait_for_migration(connection: sa.Connection, seconds: float) -> None:
    """Inside a transaction: one process changes the tables, the others wait for it."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")


def others_at(connection: sa.Connection) -> int:
    """How many other connections there are to this database, now."""
    # What was seen once in a transaction would be seen again.
    connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
    found: int = connection.exec_driver_sql(OTHERS).scalar_one()
    return found


def shut_out(connection: sa.Connection, tables: Iterable[sa.Table]) -> None:
    """Until the transaction ends nobody else changes a row. Reading goes on."""
    for table in tables:
        connection.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE MODE")
