"""What is SQLite's own: one file, one writer at a time."""

from __future__ import annotations

import stat

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.store import sqlite as engine_module
from selvbetjening_core.store.engine import open_engine
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import audit

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def test_every_connection_is_durable_and_keeps_foreign_keys(engine):
    with engine.connect() as one, engine.pool.connect():
        # A second pooled connection, made while the first is in use.
        assert one.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    raw = [engine.raw_connection() for _ in range(3)]
    for connection in raw:
        cursor = connection.cursor()
        found = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
        assert found == ["wal", 2, 1, 0]
    for connection in raw:
        connection.close()


def test_a_transaction_takes_the_write_lock_at_its_start(engine, tmp_path, monkeypatch, line):
    monkeypatch.setattr(engine_module, "_BUSY_SECONDS", 0.05)
    impatient = open_engine(f"sqlite:///{tmp_path}/store.db")
    with (
        engine.begin(),
        pytest.raises(OperationalError, match="locked"),
        impatient.begin(),
    ):
        pass
    with impatient.begin() as connection:
        connection.execute(sa.insert(audit), line)
    impatient.dispose()


def test_a_transaction_inside_another_fails_and_does_not_hang(url, monkeypatch, keys):
    monkeypatch.setattr(engine_module, "_BUSY_SECONDS", 0.05)
    impatient = open_engine(url)
    store = SqlStore(impatient, keys)
    with (
        pytest.raises(StoreUnavailable, match="SQLITE_BUSY"),
        store.transaction("0773"),
        store.transaction("0851"),
    ):
        pass
    with store.transaction("0773"):
        pass
    impatient.dispose()


def test_the_file_and_its_side_files_are_the_owners_alone(engine, tmp_path, line):
    with engine.begin() as connection:
        connection.execute(sa.insert(audit), line)
        modes = {
            file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("store.db*")
        }
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
