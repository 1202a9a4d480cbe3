"""A database that is not as we left it is one clear error; our own mistakes are others."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from selvbetjening_core.errors import CommitUnknown
from selvbetjening_core.store.tables import audit, journey_count


def test_the_tables_are_gone(refused, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    refused("SQLITE_ERROR|UndefinedTable")


def test_a_commit_that_ends_in_an_error_is_unknown(refused, write, lines, engine, monkeypatch):
    """The error comes after the commit: it may well be there."""
    driver_error = engine.dialect.dbapi.OperationalError
    commit = type(engine.dialect).do_commit

    def commit_and_fail(dialect, connection):
        commit(dialect, connection)
        raise driver_error("cut off")

    monkeypatch.setattr(type(engine.dialect), "do_commit", commit_and_fail)
    refused("a commit ended in an error", kind=CommitUnknown)
    monkeypatch.undo()
    assert lines() == 1
    write()
    assert lines() == 2


def test_a_commit_that_did_not_arrive_is_unknown_too(refused, write, lines, engine, monkeypatch):
    def fail(_dialect, _connection):
        raise engine.dialect.dbapi.OperationalError("cut off")

    monkeypatch.setattr(type(engine.dialect), "do_commit", fail)
    refused("a commit ended in an error", kind=CommitUnknown)
    monkeypatch.undo()
    # What that connection had begun is not in anybody's way.
    write()
    assert lines() == 1


def test_our_own_mistakes_are_not_called_unavailable(store, now):
    """Control: not every error of the database is this one."""

    def add_twice():
        with store.transaction("0773") as work:
            row = {"id": "a", "at": now, "event": "e", "subject": "s", "detail": ""}
            for _ in range(2):
                work.audit._scope.insert(audit, row)

    with pytest.raises(IntegrityError):
        add_twice()

    def fail():
        with store.transaction("0773"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()


def test_a_key_that_is_taken_leaves_the_transaction_as_it_was(store, engine, now):
    row = {"id": "a", "at": now, "event": "e", "subject": "s", "detail": ""}
    with store.transaction("0773") as work:
        assert work.audit._scope.try_insert(audit, row)
        assert not work.audit._scope.try_insert(audit, {**row, "event": "other"})
        assert work.audit._scope.try_insert(audit, {**row, "id": "b"})
    with engine.begin() as connection:
        found = connection.execute(sa.select(audit.c.id, audit.c.event)).all()
    assert sorted(tuple(one) for one in found) == [("a", "e"), ("b", "e")]


def test_what_is_wrong_with_a_row_is_not_taken_for_a_key_that_is_taken(store, now):
    """Control: the first statement of the two is not deaf."""
    row = {"solution": "s", "version": "1", "channel": "c", "day": now, "started": None}
    with pytest.raises(IntegrityError), store.transaction("0773") as work:
        work.counts._scope.try_insert(journey_count, row)
