"""The store: transactions in one municipality, on a database."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from selvbetjening_core.errors import CommitUnknown, StoreUnavailable
from selvbetjening_core.store.audit import SqlAudit
from selvbetjening_core.store.component_store import SqlComponentValues
from selvbetjening_core.store.counts import SqlCounts
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.drafts import SqlDrafts
from selvbetjening_core.store.engine import is_single_writer
from selvbetjening_core.store.ledger import SqlLedger
from selvbetjening_core.store.payments import SqlPayments
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.sessions import SqlSessions
from selvbetjening_core.store.submissions import SqlSubmissions
from selvbetjening_core.store.tasks import SqlTasks

Clock = Callable[[], datetime.datetime]

_DATABASE_NOW = sa.select(sa.func.clock_timestamp())
_CODE = re.compile(r"[0-9]{4}", re.ASCII)
# The wait for the database itself comes after this one (_BUSY_SECONDS in engine): a
# citizen has an answer within their sum.
_TURN_SECONDS = 2.5
_OUR_MISTAKES = (exc.IntegrityError, exc.ProgrammingError, exc.DataError)


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


class SqlUnitOfWork:
    """One transaction in one municipality: its repositories."""

    def __init__(self, scope: Scope, clock: Clock | None) -> None:
        self._scope = scope
        self._clock = clock
        self.municipality = scope.municipality
        self.drafts = SqlDrafts(scope)
        self.payments = SqlPayments(scope)
        self.submissions = SqlSubmissions(scope)
        self.deliveries = SqlLedger(scope)
        self.sessions = SqlSessions(scope)
        self.counts = SqlCounts(scope)
        self.audit = SqlAudit(scope)
        self.tasks = SqlTasks(scope)
        self.component_values = SqlComponentValues(scope)

    def now(self) -> datetime.datetime:
        """The time, as all who share the database agree on it: its own clock's."""
        if self._clock is not None:
            return self._clock()
        found: datetime.datetime = self._scope.connection.execute(_DATABASE_NOW).scalar_one()
        return found.astimezone(datetime.UTC)

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection, inside this transaction: for a delivery engine's jobs."""
        return self._scope.connection.connection.driver_connection


class SqlStore:
    """Keeps everything in a database that :func:`open_engine` opened.

    Safe to share between threads.
    """

    def __init__(self, engine: sa.Engine, keys: KeyRing, clock: Clock | None = None) -> None:
        """Keep what is sealed with ``keys``.

        :param clock: what :meth:`SqlUnitOfWork.now` tells; by default the clock of
            the database's machine, so that machines need not agree on the time
        """
        self._engine = engine
        self._keys = keys
        self._is_single_writer = is_single_writer(engine)
        self._clock = clock or (_utc_now if self._is_single_writer else None)
        # SQLite's own waiting is sleeping and trying again: under load some
        # threads wait for long. Reentrant, so that a transaction inside another
        # fails at the database and does not hang.
        self._turn = threading.RLock()

    def close(self) -> None:
        """Close all connections. What is asked afterwards opens new ones."""
        self._engine.dispose()

    @contextmanager
    def transaction(self, municipality: str) -> Iterator[SqlUnitOfWork]:
        """A transaction, committed durably on leaving the block without error.

        When the block ends in an exception nothing of it is kept. On SQLite
        transactions run one after the other, so nothing outside may be called in
        one; one inside another waits for itself, and fails after some seconds.

        :raises ValueError: ``municipality`` is not a kommunekode.
        :raises StoreUnavailable: the database cannot be used, or not within some
            seconds; the message has no values
        :raises CommitUnknown: the commit ended in an error: all of it may be
            there, or nothing
        """
        if not _CODE.fullmatch(municipality):
            raise ValueError("a municipality is named by its kommunekode: four digits")
        with _told_apart(), self._our_turn(), self._engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield SqlUnitOfWork(Scope(connection, self._keys, municipality), self._clock)
            except BaseException:
                transaction.rollback()
                raise
            _commit(connection, transaction)

    @contextmanager
    def _our_turn(self) -> Iterator[None]:
        if not self._is_single_writer:
            yield
            return
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            raise StoreUnavailable("the store is busy: other transactions here take too long")
        try:
            yield
        finally:
            self._turn.release()


def _commit(connection: sa.Connection, transaction: sa.Transaction) -> None:
    """Make it last. :raises CommitUnknown: nobody can tell whether it does"""
    try:
        transaction.commit()
    except exc.DBAPIError as error:
        # What this connection believes now need not be so.
        connection.invalidate()
        raise CommitUnknown(f"a commit ended in an error ({_name(error)})") from None


def _name(error: Exception) -> str:
    """The driver's name for an error: its own message may hold anything."""
    driver = getattr(error, "orig", None)
    return str(getattr(driver, "sqlite_errorname", "") or type(driver or error).__name__)


@contextmanager
def _told_apart() -> Iterator[None]:
    """What the database cannot do is StoreUnavailable; what we did wrong stays what it is."""
    try:
        yield
    except _OUR_MISTAKES:
        raise
    except (exc.DBAPIError, exc.TimeoutError) as error:
        raise StoreUnavailable(f"the database cannot be used ({_name(error)})") from None
