"""A file that is busy, full, damaged or gone."""

from __future__ import annotations

import resource
import sqlite3
import threading
import time

import pytest

from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.store import store as store_module
from selvbetjening_core.store.engine import open_engine, upgrade

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def test_locked_by_another_process(refused, write, lines, tmp_path):
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    refused("SQLITE_BUSY")
    assert 2 < time.monotonic() - began < 15
    other.execute("ROLLBACK")
    other.close()
    write()
    assert lines() == 1


def test_a_turn_that_does_not_come(store, refused, write, lines, monkeypatch):
    monkeypatch.setattr(store_module, "_TURN_SECONDS", 0.1)
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with store.transaction("0773"):
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)
    refused("take too long")
    leave.set()
    thread.join()
    write()
    assert lines() == 1


def test_no_room_on_the_disk_at_the_commit(store, write, lines, tmp_path, now):
    """A real write that fails, at the commit and not before."""
    wal = tmp_path / "store.db-wal"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    reached = []

    def write_until_full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size, limits[1]))
        with store.transaction("0773") as work:
            work.audit.add("event", "subject", now, "values-stay-out")
            reached.append("the end of the block")

    write()
    try:
        with pytest.raises(StoreUnavailable, match="SQLITE_") as caught:
            write_until_full()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert reached
    assert "values-stay-out" not in str(caught.value)
    write()
    assert lines() == 2


def test_the_file_is_gone_and_comes_back(refused, write, lines, engine, tmp_path):
    write()
    engine.dispose()
    write()  # a connection is open while the file goes
    (tmp_path / "store.db").rename(tmp_path / "aside")
    refused("SQLITE_CANTOPEN")
    assert not (tmp_path / "store.db").exists()
    (tmp_path / "store.db").mkdir()
    refused("SQLITE_CANTOPEN")
    (tmp_path / "store.db").rmdir()
    (tmp_path / "aside").rename(tmp_path / "store.db")
    write()
    assert lines() == 3


def test_a_file_that_was_put_in_its_place_is_the_one_that_is_written(write, lines, tmp_path):
    """A backup is restored while we run."""
    other = open_engine(f"sqlite:///{tmp_path}/backup.db")
    upgrade(other)
    other.dispose()
    write()
    write()
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"store.db{end}").rename(tmp_path / f"old.db{end}")
    (tmp_path / "backup.db").rename(tmp_path / "store.db")
    write()
    assert lines() == 1


def test_what_is_no_database(refused, engine, tmp_path):
    engine.dispose()
    (tmp_path / "store.db").write_bytes(b"no database" * 1000)
    refused("SQLITE_NOTADB")


def _hold(path, seconds):
    """Another process writes for some seconds."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(seconds, other.close)
    release.start()
    return release


def test_changing_the_tables_waits_longer(refused, write, lines, engine, tmp_path):
    holding = _hold(tmp_path / "store.db", 3.0)
    upgrade(engine)
    holding.join()
    holding = _hold(tmp_path / "store.db", 3.0)
    refused("SQLITE_BUSY")  # the same connection: it waits as long as usual again
    holding.join()
    write()
    assert lines() == 1
