"""Jobs in a real PostgreSQL; the worker is one that writes down what it is asked to look at."""

from __future__ import annotations

import collections
import contextlib
import datetime
import statistics
import threading
import time
from dataclasses import dataclass, field

import psycopg
import pytest

from selvbetjening_core.delivery.procrastinate_engine import ProcrastinateEngine
from selvbetjening_core.delivery.procrastinate_tables import prepare, remove
from selvbetjening_core.delivery.worker import Limits
from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.store.crypto import KeyRing
from selvbetjening_core.store.engine import open_engine, upgrade
from selvbetjening_core.store.store import SqlStore

CODE = "0773"
SECONDS = datetime.timedelta(seconds=1)


@dataclass
class Ledger:
    """What is due, in memory; a worker on it that tells when it looked at what."""

    due: set = field(default_factory=set)
    looked: dict = field(default_factory=dict)
    counts: collections.Counter = field(default_factory=collections.Counter)
    fails: bool = False
    takes_seconds: float = 0.0
    limits: Limits = field(default_factory=lambda: Limits(attempt=SECONDS, lease=SECONDS))
    inbox: object = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work_on(self, municipality, delivery_id):
        with self.lock:
            self.looked.setdefault(delivery_id, time.monotonic())
            self.counts[delivery_id] += 1
            is_due = (municipality, delivery_id) in self.due
            self.due.discard((municipality, delivery_id))
        time.sleep(self.takes_seconds)
        if self.fails:
            raise RuntimeError("2512484916 is somebody's number")
        return is_due

    def work_one(self, municipality):
        with self.lock:
            found = next((name for code, name in self.due if code == municipality), None)
        return found is not None and self.work_on(municipality, found)


@pytest.fixture
def store(postgres_url):
    engine = open_engine(postgres_url)
    upgrade(engine)
    prepare(postgres_url)
    store = SqlStore(engine, KeyRing({"k1": bytes(range(32))}, "k1"))
    yield store
    store.close()


@pytest.fixture
def ledger():
    return Ledger()


@pytest.fixture
def make_engine(store, postgres_url, ledger):  # noqa: ARG001 - the tables are there
    made = []

    def make(sweep_seconds=3600.0, at_once=4):
        engine = ProcrastinateEngine(postgres_url, ledger, lambda: [CODE], at_once, sweep_seconds)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        assert engine.stop(20)


@pytest.fixture
def ask(postgres_url):
    """What a statement answers, and what it changes."""

    def ask(statement, *values):
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    return ask


def plan(engine, store, *names, later=0.0):
    with store.transaction(CODE) as work:
        for name in names:
            engine.plan(work, name, work.now() + later * SECONDS)


def eventually(is_so, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def jobs(ask):
    return ask("SELECT args, status::text, attempts FROM procrastinate.procrastinate_jobs")


def nothing_is_left(ask):
    return not jobs(ask) and not ask("SELECT id FROM procrastinate.procrastinate_events")


def test_a_job_is_there_if_and_only_if_that_is_committed(make_engine, store, ask):
    engine = make_engine()
    plan(engine, store, "d1")

    def cut_off():
        with store.transaction(CODE) as work:
            engine.plan(work, "d2", work.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cut_off()
    assert jobs(ask) == [({"municipality": CODE, "delivery_id": "d1"}, "todo", 0)]


def test_jobs_out_of_order_cost_nobody_a_submission(make_engine, store, ask):
    engine = make_engine()
    ask("ALTER TABLE procrastinate.procrastinate_jobs RENAME TO gone")
    with store.transaction(CODE) as work:
        engine.plan(work, "d1", work.now())
        work.audit.add("submitted", "s1", work.now())
    assert ask("SELECT subject FROM audit") == [("s1",)]


def test_a_job_starts_as_soon_as_it_is_committed(make_engine, store, ledger, ask):
    """Told, not found by looking. How soon, for 95 of 100: ``tox run -e load``, where nothing
    runs beside it."""
    engine = make_engine()
    engine.start()
    plan(engine, store, "first")
    eventually(lambda: "first" in ledger.looked)
    waits = []
    for number in range(40):
        plan(engine, store, f"d{number}")
        committed = time.monotonic()
        eventually(lambda name=f"d{number}": name in ledger.looked)
        waits.append(ledger.looked[f"d{number}"] - committed)
    assert statistics.median(waits) <= 0.1
    eventually(lambda: nothing_is_left(ask))


def test_what_is_due_later_is_looked_at_then(make_engine, store, ledger):
    engine = make_engine()
    engine.start()
    planned = time.monotonic()
    plan(engine, store, "d1", later=1.5)
    eventually(lambda: "d1" in ledger.looked)
    assert 1.4 <= ledger.looked["d1"] - planned <= 4


def test_each_job_is_one_look_whoever_takes_it(make_engine, store, ledger, ask):
    engines = [make_engine(), make_engine()]
    for engine in engines:
        engine.start()
    plan(engines[0], store, *(f"d{number}" for number in range(200)))
    eventually(lambda: len(ledger.looked) == 200)
    eventually(lambda: nothing_is_left(ask))
    assert set(ledger.counts.values()) == {1}


def test_a_sweep_finds_what_has_no_job_any_more(make_engine, store, ledger, ask):
    engine = make_engine(sweep_seconds=0.2)
    names = [f"d{number}" for number in range(30)]
    plan(engine, store, *names)
    ledger.due = {(CODE, name) for name in names}
    ask("DELETE FROM procrastinate.procrastinate_jobs")
    engine.start()
    eventually(lambda: set(ledger.looked) == set(names))


def test_without_a_sweep_it_stays_where_it_is(make_engine, store, ledger, ask):
    engine = make_engine()
    plan(engine, store, "d1")
    ledger.due = {(CODE, "d1")}
    ask("DELETE FROM procrastinate.procrastinate_jobs")
    engine.start()
    plan(engine, store, "d2")
    eventually(lambda: "d2" in ledger.looked)
    time.sleep(0.3)
    assert "d1" not in ledger.looked


def test_after_a_job_it_goes_on_with_what_is_due(make_engine, store, ledger):
    engine = make_engine()
    names = [f"d{number}" for number in range(30)]
    ledger.due = {(CODE, name) for name in names}
    engine.start()
    plan(engine, store, "d0")
    eventually(lambda: set(ledger.looked) == set(names))


def test_a_look_that_fails_leaves_nothing_behind(make_engine, store, ledger, ask, caplog):
    ledger.fails = True
    engine = make_engine()
    engine.start()
    plan(engine, store, "d1")
    eventually(lambda: "d1" in ledger.looked)
    eventually(lambda: nothing_is_left(ask))
    assert "RuntimeError" in caplog.text
    assert "2512484916" not in caplog.text


def test_jobs_of_a_worker_that_died_are_taken_over(make_engine, store, ledger, ask):
    engine = make_engine()
    plan(engine, store, "d1")
    ask(
        "INSERT INTO procrastinate.procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 minute')"
    )
    ask(
        "UPDATE procrastinate.procrastinate_jobs SET status = 'doing',"
        " worker_id = (SELECT id FROM procrastinate.procrastinate_workers)"
    )
    engine.start()
    eventually(lambda: "d1" in ledger.looked, 20)


def test_it_outlives_its_database(make_engine, store, ledger, postgres):
    engine = make_engine()
    engine.start()
    plan(engine, store, "d1")
    eventually(lambda: "d1" in ledger.looked)
    postgres.stop("immediate")
    postgres.start()
    with contextlib.suppress(StoreUnavailable):
        # The first connection taken may be one that was cut a moment ago.
        plan(engine, store, "d1")
    plan(engine, store, "d2")
    eventually(lambda: "d2" in ledger.looked, 20)


def test_stopping_lets_what_is_under_way_end(make_engine, store, ledger, ask):
    ledger.takes_seconds = 0.7
    engine = make_engine()
    engine.start()
    plan(engine, store, "d1")
    eventually(lambda: "d1" in ledger.looked)
    assert engine.stop()
    assert nothing_is_left(ask)
    assert not ask("SELECT id FROM procrastinate.procrastinate_workers")
    engine.start()
    with pytest.raises(RuntimeError, match="runs already"):
        engine.start()


def test_stopping_has_an_end(make_engine, store, ledger):
    ledger.takes_seconds = 4
    engine = make_engine()
    engine.start()
    plan(engine, store, "d1")
    eventually(lambda: "d1" in ledger.looked)
    begun = time.monotonic()
    assert not engine.stop(0.2)
    assert time.monotonic() - begun < 1


def test_the_tables_are_made_by_many_at_once(postgres_url, ask):
    threads = [threading.Thread(target=prepare, args=(postgres_url,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert jobs(ask) == []


def test_tables_of_another_edition_are_made_anew(make_engine, store, postgres_url, ask):
    plan(make_engine(), store, "d1")
    prepare(postgres_url)
    assert len(jobs(ask)) == 1
    ask("UPDATE procrastinate.selvbetjening_edition SET name = 'older'")
    prepare(postgres_url)
    assert jobs(ask) == []


def test_they_can_be_dropped_and_made_again(postgres_url, ask):
    prepare(postgres_url)
    remove(postgres_url)
    assert ask("SELECT to_regnamespace('procrastinate')") == [(None,)]
    remove(postgres_url)
    prepare(postgres_url)
    assert jobs(ask) == []


def test_tables_of_somebody_else_are_left_alone(postgres_url, ask):
    ask("CREATE SCHEMA procrastinate")
    ask("CREATE TABLE procrastinate.procrastinate_jobs ()")
    with pytest.raises(StoreUnavailable, match="somebody else"):
        prepare(postgres_url)
    assert ask("SELECT count(*) FROM procrastinate.procrastinate_jobs") == [(0,)]


def test_a_database_that_is_not_there_is_told_without_its_address():
    with pytest.raises(StoreUnavailable) as raised:
        prepare("postgresql://somebody:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(raised.value)
