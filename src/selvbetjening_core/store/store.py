"""The store: transactions in one municipality, on a database."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import exc

from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.store.audit import SqlAudit
from selvbetjening_core.store.component_store import SqlComponentValues
from selvbetjening_core.store.counts import SqlCounts
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.drafts import SqlDrafts
from selvbetjening_core.store.ledger import SqlLedger
from selvbetjening_core.store.payments import SqlPayments
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.sessions import SqlSessions
from selvbetjening_core.store.submissions import SqlSubmissions
from selvbetjening_core.store.tasks import SqlTasks

_CODE = re.compile(r"[0-9]{4}", re.ASCII)
# The wait for the database itself comes after this one (_BUSY_SECONDS in engine): a
# citizen has an answer within their sum.
_TURN_SECONDS = 2.5
_OUR_MISTAKES = (exc.IntegrityError, exc.ProgrammingError, exc.DataError)


class SqlUnitOfWork:
    """One transaction in one municipality: its repositories."""

    def __init__(self, scope: Scope) -> None:
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


class SqlStore:
    """Keeps everything in a database that :func:`open_engine` opened.

    Safe to share between threads.
    """

    def __init__(self, engine: sa.Engine, keys: KeyRing) -> None:
        self._engine = engine
        self._keys = keys
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

        When the block ends in an exception nothing of it is kept. Transactions
        run one after the other, so nothing outside may be called in one; one
        inside another waits for itself, and fails after some seconds.

        :raises ValueError: ``municipality`` is not a kommunekode.
        :raises StoreUnavailable: the database cannot be used, or not within some
            seconds; the message has no values
        """
        if not _CODE.fullmatch(municipality):
            raise ValueError("a municipality is named by its kommunekode: four digits")
        with _told_apart(), self._our_turn(), self._engine.begin() as connection:
            yield SqlUnitOfWork(Scope(connection, self._keys, municipality))

    @contextmanager
    def _our_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            raise StoreUnavailable("the store is busy: other transactions here take too long")
        try:
            yield
        finally:
            self._turn.release()


@contextmanager
def _told_apart() -> Iterator[None]:
    """What the database cannot do is StoreUnavailable; what we did wrong stays what it is."""
    try:
        yield
    except _OUR_MISTAKES:
        raise
    except (exc.DBAPIError, exc.TimeoutError) as error:
        # The driver's own message may hold anything; its name for the error does not.
        name = getattr(getattr(error, "orig", None), "sqlite_errorname", type(error).__name__)
        raise StoreUnavailable(f"the database cannot be used ({name})") from None
