"""Opening the database, and bringing its tables up to date.

The only module that knows which database it is.
"""

from __future__ import annotations

import os
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

_BUSY_SECONDS = 10
_MIGRATIONS = "selvbetjening_core.store:migrations"
_MEMORY = (None, "", ":memory:")


def open_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///path/to/file``; the file is made if there is none.

    Every connection syncs to disk at every commit (``synchronous=FULL``), not
    only the one that takes a submission: one rule, nothing to forget. Every
    transaction takes the write lock at its start (``BEGIN IMMEDIATE``), so that
    none has to be repeated because another was faster; SQLite has one writer
    anyway. A connection is used by one thread at a time.

    Error messages leave out the values of statements.

    :raises ValueError: the address is not one of an SQLite file.
    """
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite" or address.database in _MEMORY:
        raise ValueError("the database address must be one of a file: sqlite:///path/to/file")
    _create_private(str(address.database))
    engine = sa.create_engine(
        address,
        poolclass=QueuePool,
        pool_size=20,
        max_overflow=20,
        hide_parameters=True,
        # None: the driver begins no transactions of its own accord.
        connect_args={
            "isolation_level": None,
            "timeout": _BUSY_SECONDS,
            "check_same_thread": False,
        },
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the tables up to ``revision``, whole or not at all. Repeatable."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    """Take the tables back to ``revision``. ``base`` deletes everything."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    return config


def _create_private(path: str) -> None:
    """Make the file before SQLite does: its side files take over the permissions."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
