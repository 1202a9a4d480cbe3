"""The store: transactions in one municipality, on a database."""

from __future__ import annotations

import contextlib
import datetime
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from selvbetjening_core.errors import CommitUnknown, StoreUnavailable
from selvbetjening_core.journey.audit import AuditWay
from selvbetjening_core.journey.visits import Prolonged, StepSaved, StepToSave, Visit
from selvbetjening_core.store.afterwards import Afterwards
from selvbetjening_core.store.audit import SqlAudit
from selvbetjening_core.store.audit_chain import SqlAuditChain
from selvbetjening_core.store.clock import DatabaseClock
from selvbetjening_core.store.component_store import SqlComponentValues
from selvbetjening_core.store.counts import SqlCounts
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.draft_steps import save_step, save_unchanged
from selvbetjening_core.store.drafts import SqlDrafts
from selvbetjening_core.store.engine import (
    has_failed,
    is_single_writer,
    is_unguarded,
    quick_connections,
)
from selvbetjening_core.store.faults import name_of, told_apart
from selvbetjening_core.store.ledger import SqlLedger
from selvbetjening_core.store.looking import visit
from selvbetjening_core.store.payments import SqlPayments
from selvbetjening_core.store.postgresql import OTHERS, say_where, see_everywhere
from selvbetjening_core.store.prepared import Ordinarily, Quickly, Way
from selvbetjening_core.store.receivers import SqlReceivers
from selvbetjening_core.store.restored import SqlRestored
from selvbetjening_core.store.retention import SqlRetention
from selvbetjening_core.store.rotation import SqlSealed
from selvbetjening_core.store.scope import Scope, municipalities_in
from selvbetjening_core.store.sealing import Sealing
from selvbetjening_core.store.sessions import SqlSessions
from selvbetjening_core.store.staff_sessions import SqlStaffSessions
from selvbetjening_core.store.submissions import SqlSubmissions
from selvbetjening_core.store.tasks import SqlTasks
from selvbetjening_core.store.turn import Turn
from selvbetjening_core.store.uploads import SqlUploads

Clock = Callable[[], datetime.datetime]

_CODE = re.compile(r"[0-9]{4}", re.ASCII)
# The wait for the database itself comes after this one (_BUSY_SECONDS in sqlite): a
# citizen has an answer within their sum.
_TURN_SECONDS = 2.5
_COMMIT = "COMMIT"


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


class SqlUnitOfWork:
    """One transaction in one municipality: its repositories."""

    def __init__(
        self,
        scope: Scope,
        clock: Clock | DatabaseClock,
        actors_come_by: AuditWay = AuditWay.STAFF,
    ) -> None:
        self._scope = scope
        self._clock = clock
        self.municipality = scope.municipality
        self.drafts = SqlDrafts(scope)
        self.payments = SqlPayments(scope)
        self.submissions = SqlSubmissions(scope)
        self.deliveries = SqlLedger(scope)
        self.receivers = SqlReceivers(scope)
        self.sessions = SqlSessions(scope)
        self.staff_sessions = SqlStaffSessions(scope)
        self.counts = SqlCounts(scope)
        self.audit = SqlAudit(scope, actors_come_by)
        self.audit_chain = SqlAuditChain(scope)
        self.tasks = SqlTasks(scope)
        self.component_values = SqlComponentValues(scope)
        self.retention = SqlRetention(scope)
        self.restored = SqlRestored(scope)
        self.sealed = SqlSealed(scope)
        self.uploads = SqlUploads(scope)

    def now(self, *, exactly: bool = False) -> datetime.datetime:
        """The time, as all who share the database agree on it: its own clock's.

        :param exactly: asked; else it may be some milliseconds behind
        """
        if not isinstance(self._clock, DatabaseClock):
            return self._clock()
        if exactly:
            return self._clock.ask(self._scope.connection)
        return self._clock.now(self._scope.connection)

    @property
    def driver_connection(self) -> Any:
        """The driver's own connection, inside this transaction: for a delivery engine's jobs."""
        return self._scope.connection.connection.driver_connection


class SqlStore:
    """Keeps everything in a database that :func:`open_engine` opened.

    Safe to share between threads.
    """

    def __init__(
        self,
        engine: sa.Engine,
        keys: KeyRing,
        clock: Clock | None = None,
        *,
        actors_come_by: AuditWay = AuditWay.STAFF,
    ) -> None:
        """Keep what is sealed with ``keys``.

        :param clock: what :meth:`SqlUnitOfWork.now` tells; by default the clock of
            the database's machine, so that machines need not agree on the time
        :param actors_come_by: how whoever acts through this store comes, for the
            audit log
        """
        self._engine = engine
        self._keys = keys
        self._actors_come_by = actors_come_by
        self._is_single_writer = is_single_writer(engine)
        self._quick = quick_connections(engine)
        self._clock = clock or (_utc_now if self._is_single_writer else _clock_of(engine))
        # Reentrant, so that a transaction inside another fails at the database and
        # does not hang.
        self._turn = Turn()
        self._afterwards = Afterwards()

    def close(self) -> None:
        """Close all connections. What is asked afterwards opens new ones."""
        self._afterwards.close()
        self._engine.dispose()

    def when_usable(self, do: Callable[[], None]) -> None:
        """Call ``do`` soon, and again until it does not raise :class:`StoreUnavailable`.

        Returns at once. Kept in memory: a process that is killed forgets it.
        """
        self._afterwards.add(do)

    @property
    def keys(self) -> KeyRing:
        """What it is sealed with."""
        return self._keys

    def municipalities(self) -> Sequence[str]:
        """The kommunekoder that anything is kept of, whatever the files say. Quick.

        :raises StoreUnavailable: the database cannot be used
        """
        with told_apart(), self._our_turn(), self._engine.connect() as connection:
            if not self._is_single_writer:
                see_everywhere(connection)
            return municipalities_in(connection)

    def is_unguarded(self) -> bool:
        """Is the role one that PostgreSQL's row-level security does not hold for?

        :raises StoreUnavailable: the database cannot be used
        """
        return is_unguarded(self._engine)

    def connected_elsewhere(self) -> int:
        """How many others use the database now, as far as it tells: SQLite does not.

        :raises StoreUnavailable: the database cannot be used
        """
        if self._is_single_writer:
            return 0
        with told_apart(), self._engine.connect() as connection:
            count: int = connection.exec_driver_sql(OTHERS).scalar_one()
            return count

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
        with self._scope(municipality) as scope:
            yield SqlUnitOfWork(scope, self._clock, self._actors_come_by)

    def visit(
        self, municipality: str, token_hash: str, solution: str, now: datetime.datetime
    ) -> Visit:
        """Who is logged in, with their unfinished draft. As the port says."""
        with told_apart():
            if self._quick is not None:
                with contextlib.suppress(sqlite3.Error), self._quick.one() as connection:
                    way, sealing = self._quickly(connection, municipality)
                    return visit(way, sealing, token_hash, solution, now)
                # A transaction has patience, and tells what is wrong.
            with self._scope(municipality) as scope:
                return visit(Ordinarily(scope), scope, token_hash, solution, now)

    def save_step(
        self,
        municipality: str,
        save: StepToSave,
        now: datetime.datetime,
        prolonged: Prolonged | None = None,
    ) -> StepSaved:
        """Replace the answers of one step. As the port says."""
        if self._quick is None:
            with self._scope(municipality) as scope:
                return save_step(Ordinarily(scope), scope, save, now, prolonged)
        with told_apart(), self._our_turn(), self._quick.one() as connection:
            way, sealing = self._quickly(connection, municipality)
            if prolonged is None and _saved_at_once(way, sealing, save, now):
                return StepSaved.SAVED
            self._quick.begin(connection)
            # Closing the connection, where anything fails, takes all of it back.
            saved = save_step(way, sealing, save, now, prolonged)
            _commit_quickly(connection)
            return saved

    def _quickly(self, connection: sqlite3.Connection, municipality: str) -> tuple[Way, Sealing]:
        _check(municipality)
        self._keys.look()
        way = Quickly(connection, self._keys, municipality)
        return way, Sealing(self._keys, municipality)

    @contextmanager
    def _scope(self, municipality: str) -> Iterator[Scope]:
        """A transaction, as :meth:`transaction` says."""
        _check(municipality)
        self._keys.look()
        with told_apart(), self._our_turn(), self._engine.connect() as connection:
            if not self._is_single_writer:
                say_where(connection, municipality)
            transaction = connection.begin()
            try:
                yield Scope(self._keys, municipality, connection)
            except BaseException:
                transaction.rollback()
                raise
            _commit(connection, transaction)

    def _our_turn(self) -> AbstractContextManager[None]:
        return _OurTurn(self._turn) if self._is_single_writer else contextlib.nullcontext()


class _OurTurn:
    __slots__ = ("_turn",)

    def __init__(self, turn: Turn) -> None:
        self._turn = turn

    def __enter__(self) -> None:
        if not self._turn.take(_TURN_SECONDS):
            raise StoreUnavailable("the store is busy: other transactions here take too long")

    def __exit__(self, *_: object) -> None:
        self._turn.give_back()


def _check(municipality: str) -> None:
    if not _CODE.fullmatch(municipality):
        raise ValueError("a municipality is named by its kommunekode: four digits")


def _clock_of(engine: sa.Engine) -> DatabaseClock:
    clock = DatabaseClock()
    # A new connection may lead to another machine.
    sa.event.listen(engine, "connect", lambda *_: clock.forget())
    return clock


def _commit(connection: sa.Connection, transaction: sa.Transaction) -> None:
    """Make it last.

    :raises CommitUnknown: nobody can tell whether it does
    :raises StoreUnavailable: it cannot
    """
    if has_failed(connection):
        transaction.rollback()
        raise StoreUnavailable("the transaction had failed before its commit")
    try:
        transaction.commit()
    except exc.DBAPIError as error:
        # What this connection believes now need not be so.
        connection.invalidate()
        raise CommitUnknown(f"a commit ended in an error ({name_of(error)})") from None


def _commit_quickly(connection: sqlite3.Connection) -> None:
    """Make it last, on SQLite's own connection.

    :raises CommitUnknown: nobody can tell whether it does
    """
    try:
        connection.execute(_COMMIT)
    except sqlite3.Error as error:
        raise CommitUnknown(f"a commit ended in an error ({name_of(error)})") from None


def _saved_at_once(way: Way, sealing: Sealing, save: StepToSave, now: datetime.datetime) -> bool:
    """Was the step saved in one statement? Not where the draft changed, or another writes."""
    try:
        return save_unchanged(way, sealing, save, now)
    except sqlite3.OperationalError as error:
        if name_of(error).startswith("SQLITE_BUSY"):
            return False
        raise
