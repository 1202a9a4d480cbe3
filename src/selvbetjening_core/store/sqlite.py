"""SQLite: one file, one writer at a time."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

_BUSY_SECONDS = 2.5
_POLL_SECONDS = 0.02
_FILE = "file"
_MEMORY = (None, "", ":memory:")


def open_sqlite(address: sa.URL) -> sa.Engine:
    """An engine for ``sqlite:///path/to/file``; the file is made if there is none.

    Every connection syncs to disk at every commit (``synchronous=FULL``), not
    only the one that takes a submission: one rule, nothing to forget. Every
    transaction takes the write lock at its start (``BEGIN IMMEDIATE``), so that
    none has to be repeated because another was faster; SQLite has one writer
    anyway. A connection is used by one thread at a time.

    A file that was removed or put back while we run is noticed at the next
    transaction: nothing is written to a file that nobody will find again, and no
    empty one is made in its place.

    Error messages leave out the values of statements.

    :raises ValueError: the address is not one of a file.
    """
    if address.database in _MEMORY:
        raise ValueError("the database address must be one of a file: sqlite:///path/to/file")
    path = Path(str(address.database))
    _create_private(path)
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: _connect(path),
        poolclass=QueuePool,
        pool_size=20,
        max_overflow=20,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _prepare(path))
    sa.event.listen(engine, "checkout", _same_file(path))
    sa.event.listen(engine, "begin", _begin)
    return engine


def wait_for_lock(connection: sa.Connection, seconds: float = _BUSY_SECONDS) -> None:
    """How long this connection waits for the one writer."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}")


def _create_private(path: Path) -> None:
    """Make the file before SQLite does: its side files take over the permissions."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=_BUSY_SECONDS,
        # The driver begins no transactions of its own accord.
        isolation_level=None,
        check_same_thread=False,
    )


def _prepare(path: Path) -> Callable[[Any, ConnectionPoolEntry], None]:
    def prepare(connection: Any, entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _use_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
        entry.info[_FILE] = _identity(path)

    return prepare


def _use_wal(cursor: sqlite3.Cursor) -> None:
    """Write-ahead logging, which the file remembers: changed by the first that opens it.

    SQLite does not wait for its lock here, so that of two that open a new file at
    the same moment one would fail.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL_SECONDS)


def _same_file(path: Path) -> Callable[[Any, ConnectionPoolEntry, Any], None]:
    def same_file(_connection: Any, entry: ConnectionPoolEntry, _fairy: Any) -> None:
        found = _identity(path)
        if found is None or found != entry.info[_FILE]:
            raise sa.exc.DisconnectionError("the database file is another one now")

    return same_file


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
