from __future__ import annotations

import datetime
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from selvbetjening_core.store.engine import open_engine
from selvbetjening_core.store.tables import audit


def test_what_ends_in_an_exception_leaves_nothing(engine, line):
    def fail_half_way():
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE surplus (a TEXT)")
            connection.execute(sa.insert(audit), line)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with engine.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar() == 0
        assert not sa.inspect(connection).has_table("surplus")


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "mysql://host/name"])
def test_what_is_no_database_of_ours_is_refused(address):
    with pytest.raises(ValueError, match="sqlite:///path"):
        open_engine(address)


def test_error_messages_hide_the_values(engine, line):
    line = {**line, "detail": "values-stay-out"}
    with engine.begin() as connection:
        connection.execute(sa.insert(audit), line)
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        connection.execute(sa.insert(audit), line)
    assert "values-stay-out" not in str(caught.value)


def test_a_moment_without_a_time_zone_is_refused(engine, line):
    line = {**line, "at": datetime.datetime(2026, 1, 1)}  # noqa: DTZ001 - the fault
    with pytest.raises(sa.exc.StatementError, match="time zone"), engine.begin() as connection:
        connection.execute(sa.insert(audit), line)


def test_a_moment_comes_back_in_utc(engine, line):
    copenhagen = datetime.timezone(datetime.timedelta(hours=2))
    moment = datetime.datetime(2026, 7, 1, 14, 0, tzinfo=copenhagen)
    with engine.begin() as connection:
        connection.execute(sa.insert(audit), {**line, "at": moment})
        found = connection.execute(sa.select(audit.c.at)).scalar_one()
    assert found == moment
    assert found.tzinfo is datetime.UTC


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


def test_a_killed_process_keeps_what_was_committed_and_nothing_else(engine, url):
    command = [sys.executable, "-c", _KILLED_AFTER_COMMIT, url]
    done = subprocess.run(command, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with engine.begin() as connection:
        assert connection.execute(sa.select(audit.c.event)).scalars().all() == ["kept"]
