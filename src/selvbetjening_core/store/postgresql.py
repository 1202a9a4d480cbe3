"""PostgreSQL: several processes on several machines."""

from __future__ import annotations

import sqlalchemy as sa

DRIVER = "postgresql+psycopg"
_CONNECT_SECONDS = 5
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
    connection that broke is noticed when it is taken from the pool. Error
    messages leave out the values of statements.
    """
    return sa.create_engine(
        address.set(drivername=DRIVER),
        pool_size=20,
        max_overflow=20,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in _SESSION.items()),
            **_NETWORK,
        },
    )


def wait_for_migration(connection: sa.Connection, seconds: float, key: int) -> None:
    """Inside a transaction: one process changes the tables, the others wait for it."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({key})")
