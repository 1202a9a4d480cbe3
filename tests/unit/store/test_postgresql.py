"""What is PostgreSQL's own: a server, which may be cut off, stopped or out of connections."""

from __future__ import annotations

import contextlib
import threading
import time

import psycopg
import pytest
import sqlalchemy as sa
from cutting_proxy import CuttingProxy
from postgres import Postgres

from selvbetjening_core.errors import CommitUnknown, StoreUnavailable
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


def _kill_backends(url):
    """As an administrator would, or a machine between that gives up its connections."""
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_every_connection_is_durable_and_gives_up_in_time(url, engine):
    """Whatever the server's own settings are."""
    with psycopg.connect(url, autocommit=True) as other:
        name = other.info.dbname
        other.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        assert other.execute("SHOW synchronous_commit").fetchone() == ("on",)
    engine.dispose()
    wanted = {
        "synchronous_commit": "on",
        "TimeZone": "UTC",
        "lock_timeout": "2500ms",
        "statement_timeout": "10s",
        "idle_in_transaction_session_timeout": "10s",
    }
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in wanted}
    assert found == wanted
    with psycopg.connect(url) as other:
        # Control: whoever does not ask for it gets the database's own.
        assert other.execute("SHOW synchronous_commit").fetchone() == ("off",)


def test_connections_that_were_cut_are_noticed_and_replaced(url, write, lines):
    write()
    _kill_backends(url)
    # One that was used just now is taken unasked.
    time.sleep(1.1)
    write()
    assert lines() == 2


def test_a_connection_cut_in_the_middle_leaves_nothing(url, store, refused, write, lines, now):
    def cut():
        with store.transaction("0773") as work:
            work.audit.add("event", "subject", now, "values-stay-out")
            _kill_backends(url)
            work.audit.add("event", "subject", now, "values-stay-out")

    refused("the database cannot be used", do=cut)
    assert lines() == 0
    write()
    assert lines() == 1


def test_a_row_that_another_is_at_for_long(store, url, refused, now):
    with store.transaction("0773") as work:
        work.sessions.remember_assertion("i", "a", now)

    def change():
        with store.transaction("0773") as work:
            work.sessions._forget_run_out(now)
            work.sessions.remember_assertion("i", "a", now)

    with psycopg.connect(url, options="-c selvbetjening.municipality=*") as other:
        other.execute("DELETE FROM seen_assertion")
        began = time.monotonic()
        refused("LockNotAvailable", do=change)
    assert 2 < time.monotonic() - began < 5


def test_no_connection_is_left(engine, refused, write, lines):
    with contextlib.ExitStack() as taken:
        for _ in range(40):
            taken.enter_context(engine.connect())
        began = time.monotonic()
        refused("TimeoutError")
        assert 3 < time.monotonic() - began < 8
    write()
    assert lines() == 1


def test_a_failure_that_the_block_passes_over_is_not_taken_for_a_commit(store, refused, lines, now):
    """The server would answer the commit by a rollback, and the driver call that well."""

    def pass_over():
        with store.transaction("0773") as work:
            work.audit.add("event", "subject", now)
            with contextlib.suppress(sa.exc.DBAPIError):
                work._scope.connection.exec_driver_sql("SELECT 1 / 0")

    refused("had failed before its commit", do=pass_over)
    assert lines() == 0


def test_a_statement_that_never_ends(store, refused, engine):
    with engine.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 200")
        connection.commit()

        def sleep():
            with store.transaction("0773") as work:
                work._scope.connection.exec_driver_sql("SET LOCAL statement_timeout = 200")
                work._scope.connection.exec_driver_sql("SELECT pg_sleep(60)")

        refused("QueryCanceled", do=sleep)


def test_time_is_the_servers(store, keys, engine, now):
    with store.transaction("0773") as work, engine.connect() as connection:
        before = connection.exec_driver_sql("SELECT clock_timestamp()").scalar()
        time.sleep(0.01)
        assert before < work.now()
        first = work.now()
        time.sleep(0.01)
        # Not the time at which the transaction began.
        assert first < work.now()
    # Control: a clock that was given is the one that is asked.
    with SqlStore(engine, keys, lambda: now).transaction("0773") as work:
        assert work.now() == now


@pytest.fixture
def through(url, keys, engine):
    """A store whose connections go through a proxy that can cut them."""
    address = sa.make_url(url)
    with CuttingProxy(address.host, address.port) as proxy:
        far = open_engine(address.set(port=proxy.port).render_as_string(hide_password=False))
        yield proxy, SqlStore(far, keys)
        far.dispose()
    assert engine


def test_a_commit_whose_answer_never_comes_is_unknown(through, lines, now):
    """The server has carried it out; the line was cut before it could say so."""
    proxy, store = through

    def add():
        with store.transaction("0773") as work:
            work.audit.add("event", "subject", now)
            proxy.cut_answer_after(b"COMMIT")

    with pytest.raises(CommitUnknown):
        add()
    _wait_for(lambda: lines() == 1)
    proxy.mend()
    add_again = store.transaction("0773")
    with add_again as work:
        work.audit.add("event", "subject", now)
    assert lines() == 2


def test_a_commit_that_never_arrives_is_unknown_too(through, lines, now):
    """For whoever asked, the two are the same: that is why it is called unknown."""
    proxy, store = through

    def add():
        with store.transaction("0773") as work:
            work.audit.add("event", "subject", now)
            proxy.cut_before(b"COMMIT")

    with pytest.raises(CommitUnknown):
        add()
    proxy.mend()
    assert lines() == 0


def _wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def own_server():
    """One that may be stopped: the run's own is for all."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_a_server_that_is_away_and_comes_back(url, own_server, keys, now, end):
    """The process that uses it goes on without a restart."""
    assert url
    engine = open_engine(own_server.new_database())
    upgrade(engine)
    store = SqlStore(engine, keys)

    def write():
        with store.transaction("0773") as work:
            work.audit.add("event", "subject", now)

    write()
    own_server.stop() if end == "stopped" else own_server.kill()
    with pytest.raises(StoreUnavailable, match="the database cannot be used"):
        _until_it_fails(write)
    with pytest.raises(StoreUnavailable, match=r"cannot be reached: .*refused"):
        upgrade(engine)
    own_server.start()
    before = _count(engine)
    write()
    assert _count(engine) == before + 1
    engine.dispose()


def _until_it_fails(do):
    """The processes of a killed server end one by one, and work as long as they live."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        # One may end inside a commit.
        with contextlib.suppress(CommitUnknown):
            do()


def _count(engine):
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM audit").scalar()


def test_nothing_waits_for_ever_where_two_wait_for_each_other(store, now):
    """A deadlock is found by the server: one fails clearly, the other goes on."""
    with store.transaction("0773") as work:
        for name in ("one", "two"):
            work.tasks.claim(name, "t", now, now)
    met = threading.Barrier(2, timeout=10)
    failed = []

    def change(first, second):
        try:
            with store.transaction("0773") as work:
                work.tasks.done(first, "t", now, now)
                met.wait()
                work.tasks.done(second, "t", now, now)
        except StoreUnavailable as error:
            failed.append(str(error))

    threads = [
        threading.Thread(target=change, args=names) for names in (("one", "two"), ("two", "one"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert failed == ["the database cannot be used (DeadlockDetected)"]
