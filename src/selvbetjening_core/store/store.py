"""The store: transactions in one municipality, on a database."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from selvbetjening_core.store.audit import SqlAudit
from selvbetjening_core.store.counts import SqlCounts
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.drafts import SqlDrafts
from selvbetjening_core.store.ledger import SqlLedger
from selvbetjening_core.store.payments import SqlPayments
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.sessions import SqlSessions
from selvbetjening_core.store.submissions import SqlSubmissions

_CODE = re.compile(r"[0-9]{4}", re.ASCII)


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

    @contextmanager
    def transaction(self, municipality: str) -> Iterator[SqlUnitOfWork]:
        """A transaction, committed durably on leaving the block without error.

        When the block ends in an exception nothing of it is kept. Transactions
        run one after the other, so nothing outside may be called in one; one
        inside another waits for itself, and fails after some seconds.

        :raises ValueError: ``municipality`` is not a kommunekode.
        """
        if not _CODE.fullmatch(municipality):
            raise ValueError("a municipality is named by its kommunekode: four digits")
        with self._turn, self._engine.begin() as connection:
            yield SqlUnitOfWork(Scope(connection, self._keys, municipality))
