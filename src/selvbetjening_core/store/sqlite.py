"""SQLite: one file, one writer at a time."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

_BUSY_SECONDS = 2.5
_POLL_SECONDS = 0.02
# SQLite's own waiting sleeps longer and longer, up to 0.1 s, so that whoever has just
# come is served before those that wait. These are about as long as a transaction.
_BEGIN_AGAIN_SECONDS = (0.0003, 0.001)
# Whoever met another process lets it in before its own next transaction.
_LET_IN_SECONDS = (0.0005, 0.0015)
_MET_LATELY_SECONDS = 0.05
_FILE = "file"
_PATIENCE = "patience"
_BEGIN = "BEGIN IMMEDIATE"
_MEMORY = (None, "", ":memory:")


def open_sqlite(address: sa.URL) -> sa.Engine:
    """An engine for ``sqlite:///path/to/file``; the file is made if there is none.

    Every commit syncs to disk (``synchronous=FULL``), not only the one that takes a
    submission; :class:`QuickConnections` are apart. Every transaction takes the write
    lock at its start (``BEGIN IMMEDIATE``), so that none has to be repeated because
    another was faster; SQLite has one writer anyway. Several processes may share the
    file: each lets the others in. A connection is used by one thread at a time.

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
        address,
        creator=lambda: _connect(path),
        poolclass=QueuePool,
        pool_size=20,
        max_overflow=20,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _prepare(path))
    sa.event.listen(engine, "checkout", _same_file(path))
    sa.event.listen(engine, "begin", _Beginning())
    return engine


def open_sqlite_alone(address: sa.URL) -> sa.Engine:
    """An engine for a file that nobody else may have open, as long as it is used.

    A process that has it open, and does nothing at the moment, counts: then every
    transaction fails with SQLITE_BUSY. The file has to be there.
    """
    path = Path(str(address.database))

    def connect() -> sqlite3.Connection:
        with ExitStack() as opened:
            connection = opened.enter_context(closing(_connect(path)))
            # Before the first look into it, or it comes too late.
            for pragma in ("locking_mode=EXCLUSIVE", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")
            opened.pop_all()
            return connection

    engine = sa.create_engine(
        "sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True
    )
    sa.event.listen(engine, "begin", _Beginning())
    return engine


def create_sqlite(address: sa.URL) -> None:
    """Make an empty file, the owner's alone, unless there is one."""
    _create_private(Path(str(address.database)))


def wait_for_lock(connection: sa.Connection, seconds: float | None = None) -> None:
    """How long this connection waits for the one writer; None: as long as usual."""
    connection.info[_PATIENCE] = seconds


_Opened = tuple[sqlite3.Connection, tuple[int, int] | None]


class QuickConnections:
    """SQLite's own connections for what has to be quick: answers on their way.

    What is committed on one is on the disk with the next commit of the engine's own
    connections. Whatever becomes of the process, nothing of it is lost. Where the
    machine itself stops before that, it may be, with all that came after it: nothing
    that anybody was promised (docs/decisions/0042).

    Safe to share between threads: each takes one, and gives it back.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._name = str(path)
        self._free: deque[_Opened] = deque()
        self._beginning = _Beginning()

    def one(self) -> _Lent:
        """A connection to the file as it is now. One on which anything failed is closed.

        :raises sqlite3.Error: the file cannot be opened, or what is done with it
        """
        return _Lent(self._taken, self._free.append)

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begin to write.

        :raises sqlite3.Error: it is another's turn for too long
        """
        self._beginning.begin(connection)

    def close(self) -> None:
        """Close those that nobody uses."""
        while self._free:
            self._free.pop()[0].close()

    def _taken(self) -> _Opened:
        found = _identity(self._name)
        while self._free:
            taken = self._free.pop()
            if taken[1] == found:
                return taken
            # The file is another one now.
            taken[0].close()
        return self._opened(), found

    def _opened(self) -> sqlite3.Connection:
        with ExitStack() as opened:
            connection = opened.enter_context(closing(_connect(self._path)))
            _use_wal(connection.cursor())
            for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=0"):
                connection.execute(f"PRAGMA {pragma}")
            opened.pop_all()
            return connection


class _Lent:
    """A connection for the time of a ``with`` statement."""

    __slots__ = ("_give_back", "_opened", "_take")

    def __init__(self, take: Callable[[], _Opened], give_back: Callable[[_Opened], None]) -> None:
        self._take = take
        self._give_back = give_back

    def __enter__(self) -> sqlite3.Connection:
        self._opened = self._take()
        return self._opened[0]

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            self._give_back(self._opened)
        else:
            self._opened[0].close()


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
        # From here on the lock is waited for by _Beginning alone.
        cursor.execute("PRAGMA busy_timeout=0")
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
    name = str(path)

    def same_file(_connection: Any, entry: ConnectionPoolEntry, _fairy: Any) -> None:
        found = _identity(name)
        if found is None or found != entry.info[_FILE]:
            raise sa.exc.DisconnectionError("the database file is another one now")

    return same_file


def _identity(path: Path | str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - a path as a text is half as expensive
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _Beginning:
    """Takes the write lock at the start of every transaction of an engine.

    Waits for other processes by trying again after a moment; and, having met one,
    leaves them a moment before the next.
    """

    def __init__(self) -> None:
        self._met_at = float("-inf")

    def __call__(self, connection: sa.Connection) -> None:
        patience = connection.info.get(_PATIENCE)
        driver: Any = connection.connection.driver_connection
        try:
            self.begin(driver, _BUSY_SECONDS if patience is None else patience)
        except sqlite3.Error:
            # Once more, so that it fails as everything does that SQLAlchemy carries out.
            connection.exec_driver_sql(_BEGIN)

    def begin(self, driver: sqlite3.Connection, patience: float = _BUSY_SECONDS) -> None:
        """Begin a transaction on the driver's own connection.

        :raises sqlite3.Error: the lock did not come within ``patience`` seconds, or worse
        """
        now = time.monotonic()
        if now - self._met_at < _MET_LATELY_SECONDS:
            _sleep(_LET_IN_SECONDS)
        while True:
            try:
                driver.execute(_BEGIN)
            except sqlite3.Error as error:
                if not _is_busy(error) or time.monotonic() >= now + patience:
                    raise
            else:
                return
            self._met_at = time.monotonic()
            _sleep(_BEGIN_AGAIN_SECONDS)


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _sleep(between: tuple[float, float]) -> None:
    time.sleep(random.uniform(*between))  # noqa: S311 - no secret is made of it
