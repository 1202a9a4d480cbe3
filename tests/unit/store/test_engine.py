from __future__ import annotations

import datetime
import signal
import stat
import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.store import sqlite as engine_module
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import audit, journey_count


def _line(line_id):
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return {
        "municipality": "0773",
        "id": line_id,
        "at": moment,
        "event": "e",
        "subject": "s",
        "detail": "",
    }


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
        assert found == ["wal", 2, 1, 2500]
    for connection in raw:
        connection.close()


def test_a_transaction_takes_the_write_lock_at_its_start(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(engine_module, "_BUSY_SECONDS", 0.05)
    impatient = open_engine(f"sqlite:///{tmp_path}/store.db")
    with (
        engine.begin(),
        pytest.raises(OperationalError, match="locked"),
        impatient.begin(),
    ):
        pass
    with impatient.begin() as connection:
        connection.execute(sa.insert(audit), _line("a"))
    impatient.dispose()


def test_a_transaction_inside_another_fails_and_does_not_hang(tmp_path, monkeypatch, keys):
    monkeypatch.setattr(engine_module, "_BUSY_SECONDS", 0.05)
    impatient = open_engine(f"sqlite:///{tmp_path}/store.db")
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


def test_what_ends_in_an_exception_leaves_nothing(engine):
    def fail_half_way():
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE surplus (a)")
            connection.execute(sa.insert(audit), _line("a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with engine.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar() == 0
        assert not sa.inspect(connection).has_table("surplus")


def test_the_file_and_its_side_files_are_the_owners_alone(engine, tmp_path):
    with engine.begin() as connection:
        connection.execute(sa.insert(audit), _line("a"))
        modes = {
            file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("store.db*")
        }
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name"])
def test_what_is_not_a_file_is_refused(url):
    with pytest.raises(ValueError, match="sqlite:///path"):
        open_engine(url)


def test_error_messages_hide_the_values(engine):
    line = {**_line("a"), "detail": "values-stay-out"}
    with engine.begin() as connection:
        connection.execute(sa.insert(audit), line)
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        connection.execute(sa.insert(audit), line)
    assert "values-stay-out" not in str(caught.value)


def test_a_moment_without_a_time_zone_is_refused(engine):
    line = {**_line("a"), "at": datetime.datetime(2026, 1, 1)}  # noqa: DTZ001 - the fault
    with pytest.raises(sa.exc.StatementError, match="time zone"), engine.begin() as connection:
        connection.execute(sa.insert(audit), line)


def test_a_moment_comes_back_in_utc(engine):
    copenhagen = datetime.timezone(datetime.timedelta(hours=2))
    moment = datetime.datetime(2026, 7, 1, 14, 0, tzinfo=copenhagen)
    with engine.begin() as connection:
        connection.execute(sa.insert(audit), {**_line("a"), "at": moment})
        found = connection.execute(sa.select(audit.c.at)).scalar_one()
    assert found == moment
    assert found.tzinfo is datetime.UTC


def test_two_that_start_at_once_make_the_tables_once(tmp_path):
    engines = [open_engine(f"sqlite:///{tmp_path}/new.db") for _ in range(2)]
    threads = [threading.Thread(target=upgrade, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engines[0].begin() as connection:
        assert connection.execute(sa.select(journey_count)).all() == []
    for engine in engines:
        engine.dispose()


_KILLED_AFTER_COMMIT = """
import datetime, os, signal, sys
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine
from selvbetjening_core.store.store import SqlStore
store = SqlStore(open_engine(sys.argv[1]), KeyRing({"k1": bytes(32)}, "k1"))
now = datetime.datetime.now(datetime.UTC)
with store.transaction("0773") as work:
    work.audit.add("kept", "s", now)
with store.transaction("0773") as work:
    work.audit.add("lost", "s", now)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_keeps_what_was_committed_and_nothing_else(engine, tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    command = [sys.executable, "-c", _KILLED_AFTER_COMMIT, url]
    done = subprocess.run(command, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with engine.begin() as connection:
        assert connection.execute(sa.select(audit.c.event)).scalars().all() == ["kept"]
