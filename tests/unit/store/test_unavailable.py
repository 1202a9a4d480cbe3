"""A database that is busy, full, damaged or gone is one clear error, and then works again."""

from __future__ import annotations

import resource
import sqlite3
import threading
import time

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from selvbetjening_core.errors import StoreUnavailable, Unavailable
from selvbetjening_core.store import store as store_module
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.tables import audit

SECRET = "values-stay-out"


def write(store, now, detail=SECRET):
    with store.transaction("0773") as work:
        work.audit.add("event", "subject", now, detail)


def lines(engine):
    with engine.begin() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar_one()


def refused(store, now, match):
    """What a transaction fails with; the values and the driver's own error are not in it."""
    with pytest.raises(StoreUnavailable, match=match) as caught:
        write(store, now)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert caught.value.code == "store-unavailable"
    assert not isinstance(caught.value, Unavailable)


def test_locked_by_another_process(store, engine, tmp_path, now):
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    refused(store, now, "SQLITE_BUSY")
    assert 2 < time.monotonic() - began < 4
    other.execute("ROLLBACK")
    other.close()
    write(store, now)
    assert lines(engine) == 1


def test_a_turn_that_does_not_come(store, engine, now, monkeypatch):
    monkeypatch.setattr(store_module, "_TURN_SECONDS", 0.1)
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with store.transaction("0773"):
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)
    refused(store, now, "take too long")
    leave.set()
    thread.join()
    write(store, now)
    assert lines(engine) == 1


def test_no_room_on_the_disk_at_the_commit(store, engine, tmp_path, now):
    """A real write that fails, at the commit and not before."""
    wal = tmp_path / "store.db-wal"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    reached = []

    def write_until_full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size, limits[1]))
        with store.transaction("0773") as work:
            work.audit.add("event", "subject", now, SECRET)
            reached.append("the end of the block")

    write(store, now)
    try:
        with pytest.raises(StoreUnavailable, match="SQLITE_") as caught:
            write_until_full()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert reached
    assert SECRET not in str(caught.value)
    write(store, now)
    assert lines(engine) == 2


def test_the_file_is_gone_and_comes_back(store, engine, tmp_path, now):
    write(store, now)
    engine.dispose()
    write(store, now)  # a connection is open while the file goes
    (tmp_path / "store.db").rename(tmp_path / "aside")
    refused(store, now, "SQLITE_CANTOPEN")
    assert not (tmp_path / "store.db").exists()
    (tmp_path / "store.db").mkdir()
    refused(store, now, "SQLITE_CANTOPEN")
    (tmp_path / "store.db").rmdir()
    (tmp_path / "aside").rename(tmp_path / "store.db")
    write(store, now)
    assert lines(engine) == 3


def test_a_file_that_was_put_in_its_place_is_the_one_that_is_written(store, engine, tmp_path, now):
    """A backup is restored while we run."""
    other = open_engine(f"sqlite:///{tmp_path}/backup.db")
    upgrade(other)
    other.dispose()
    write(store, now)
    write(store, now)
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"store.db{end}").rename(tmp_path / f"old.db{end}")
    (tmp_path / "backup.db").rename(tmp_path / "store.db")
    write(store, now)
    assert lines(engine) == 1


def test_the_tables_are_gone(store, engine, now):
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    refused(store, now, "SQLITE_ERROR")


def test_what_is_no_database(store, engine, tmp_path, now):
    engine.dispose()
    (tmp_path / "store.db").write_bytes(b"no database" * 1000)
    refused(store, now, "SQLITE_NOTADB")


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


def test_changing_the_tables_waits_longer_and_leaves_the_wait_as_it_was(engine, tmp_path):
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(3.0, other.execute, ("ROLLBACK",))
    release.start()
    upgrade(engine)
    release.join()
    other.close()
    with engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 2500
