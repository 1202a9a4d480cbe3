"""Who may work on what: over all threads, processes and machines on one database."""

from __future__ import annotations

import datetime
import threading
import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.store.tables import delivery as table

MINUTE = datetime.timedelta(minutes=1)
BACKLOG = 5_000


@pytest.fixture
def add(store, submit, delivery):
    """Add a delivery to a component; its id."""
    submit("s1")
    numbers = iter(range(1_000_000))

    def add(component="journal", **more):
        name = f"d{next(numbers)}"
        row = replace(delivery, id=name, key=name, destination=name, component=component, **more)
        with store.transaction("0773") as work:
            work.deliveries.add(row)
        return name

    return add


@pytest.fixture
def claim(store, now):
    """Claim something; its id, or None."""

    def claim(slots=9, at=now, component=None):
        with store.transaction("0773") as work:
            if component is None:
                found = work.deliveries.claim(at, at + MINUTE, lambda _receiver: slots)
            else:
                found = work.deliveries.claim_of(
                    component, at, at + MINUTE, lambda _receiver: slots
                )
        return found and found[0].id

    return claim


def test_the_most_overdue_of_all_receivers_comes_first(add, claim, now):
    third, first = add("a", due_at=now), add("b", due_at=now - 2 * MINUTE)
    second, never = add("c", due_at=now - MINUTE), add("d", due_at=now + MINUTE)
    assert [claim() for _ in range(4)] == [first, second, third, None]
    assert claim(at=now + MINUTE, component="d") == never


def test_each_claim_has_a_holder_of_its_own(add, claim, store):
    one, two = add(), add()
    assert {claim(), claim()} == {one, two}
    with store.transaction("0773") as work:
        assert work.deliveries.get(one).holder != work.deliveries.get(two).holder


def test_no_more_are_held_than_there_are_slots(add, claim, now):
    rows = [add() for _ in range(4)]
    other = add("other", due_at=now)
    assert [claim(slots=2, component="journal") for _ in range(3)] == [*rows[:2], None]
    assert claim(slots=2) == other
    assert claim(slots=2) is None
    # A lease that ran out holds no place: it comes first, as the most overdue.
    assert claim(slots=2, at=now + MINUTE) == rows[2]


def test_a_paused_or_resting_receiver_gets_nothing_and_holds_up_nobody(add, claim, store, now):
    add("paused", due_at=now - 3 * MINUTE)
    add("resting", due_at=now - 2 * MINUTE)
    with store.transaction("0773") as work:
        work.receivers.pause("paused", "anna", "why", now)
        work.receivers.lock("resting")
        work.receivers.failed("resting", now + MINUTE)
    assert claim() is None
    assert claim(component="paused") is None
    assert claim(component="resting") is None
    mine = add()
    assert claim() == mine
    assert claim(at=now + MINUTE) is not None
    with store.transaction("0773") as work:
        work.receivers.resume("paused", now)
    assert claim() is not None


def test_a_component_that_nobody_ever_heard_of_is_found(add, claim):
    """The rows are asked, not the receivers: the row of a receiver may be gone."""
    row = add("renamed")
    assert claim() == row


def test_a_lease_is_prolonged_by_its_holder_alone(add, claim, store, now):
    name = add()
    claim()
    with store.transaction("0773") as work:
        mine = work.deliveries.get(name)
        assert work.deliveries.prolong(name, mine.holder, now + 5 * MINUTE)
        assert not work.deliveries.prolong(name, "somebody else", now + 9 * MINUTE)
    assert claim(at=now + 4 * MINUTE) is None
    assert claim(at=now + 5 * MINUTE) == name
    with store.transaction("0773") as work:
        assert not work.deliveries.prolong(name, mine.holder, now + 9 * MINUTE)
        work.deliveries.move(name, DeliveryState.DELIVERED, now)
        assert not work.deliveries.prolong(name, "", now + 9 * MINUTE)


def test_due_ids_are_the_most_overdue_of_one_receiver(add, store, now):
    later, first = add(due_at=now), add(due_at=now - MINUTE)
    add("other"), add(due_at=now + MINUTE)
    with store.transaction("0773") as work:
        assert work.deliveries.due("journal", now, 9) == [first, later]
        assert work.deliveries.due("journal", now, 1) == [first]


def _work_on_all(store, slots, wanted, threads=8):
    """Eight workers claim and end rows; how many the receiver saw at once, at most.

    Each holds its row until as many as ``wanted`` have been seen, or for two seconds: a
    busy machine may let one end before the next begins.
    """
    inside, most, lock = set(), [0], threading.Lock()

    def work():
        while True:
            now = datetime.datetime.now(tz=datetime.UTC)
            with store.transaction("0773") as work:
                found = work.deliveries.claim(now, now + MINUTE, lambda _receiver: slots)
                left = found or work.deliveries.count_by_state().get("waiting")
            if found is None:
                if not left:
                    return
                time.sleep(0.002)
                continue
            name = found[0].id
            with lock:
                assert name not in inside
                inside.add(name)
                most[0] = max(most[0], len(inside))
            until = time.monotonic() + 2
            while most[0] < wanted and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(0.01)
            with lock:
                inside.remove(name)
            with store.transaction("0773") as work:
                work.deliveries.move(name, DeliveryState.DELIVERED, now)

    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return most[0]


def test_the_limit_holds_over_all_workers(add, store):
    for _ in range(40):
        add()
    assert _work_on_all(store, slots=2, wanted=2) == 2


def test_without_a_limit_the_same_workers_are_more(add, store):
    """The control: the test before can see that a limit is passed."""
    for _ in range(40):
        add()
    assert _work_on_all(store, slots=9, wanted=3) > 2


@pytest.fixture
def many(engine, add, now):
    """So many rows of one receiver, all of them long due."""

    def many(number, component):
        name = add(component)
        with engine.begin() as connection:
            row = dict(
                connection.execute(sa.select(table).where(table.c.id == name)).mappings().one()
            )
            rows = (
                {
                    **row,
                    "id": f"{name}-{one}",
                    "key": f"{name}-{one}",
                    "destination": f"{name}-{one}",
                    "due_at": now - datetime.timedelta(days=1, milliseconds=one),
                }
                for one in range(number)
            )
            connection.execute(sa.insert(table), list(rows))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")

    return many


_READ = """
    SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid))
         + max(pg_stat_get_xact_tuples_returned(indrelid))
    FROM pg_index WHERE indrelid = 'delivery'::regclass
"""


@pytest.fixture
def cost(store, engine, now):
    """What a claim costs: rows and index entries read, or, of SQLite, time of the processor."""

    def slots(receiver):
        return 0 if receiver.component == "a-backlog" else 999

    def one():
        begun = time.thread_time()
        with store.transaction("0773") as work:
            # The counters go on over transactions until a server has gathered them.
            before = read(work)
            assert work.deliveries.claim(now, now + MINUTE, slots)
            if engine.dialect.name == "postgresql":
                return read(work) - before
        return 1000 * (time.thread_time() - begun)

    def read(work):
        if engine.dialect.name != "postgresql":
            return 0
        return work.driver_connection.execute(_READ).fetchone()[0]

    return lambda: min(one() for _ in range(20))


@pytest.mark.parametrize("held_up", ["paused", "full"])
def test_however_much_waits_for_one_receiver_the_others_go_on(add, store, many, cost, now, held_up):
    for _ in range(60):
        add()
    few = cost()
    # It would come first each time: it is the most overdue.
    many(BACKLOG, "a-backlog")
    if held_up == "paused":
        with store.transaction("0773") as work:
            work.receivers.pause("a-backlog", "anna", "why", now)
    much = cost()
    assert few > 0
    assert much < 3 * few + 2
