"""A dead worker's row is another's soon, and a living one's is not, however long it takes."""

from __future__ import annotations

import datetime
import threading
import time
from contextlib import contextmanager

import pytest

from selvbetjening_core.delivery.stops import WORKER_STOPPED
from selvbetjening_core.delivery.worker import ENDED_LATE, Limits
from selvbetjening_core.errors import CommitUnknown, StoreUnavailable
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import OutcomeKind

K = OutcomeKind
QUICK = Limits(datetime.timedelta(seconds=20), datetime.timedelta(seconds=0.6))
NAME = "s1-case_system"


@pytest.fixture
def world(either):
    """Either database, and time that passes by itself."""
    either.clock.now = None
    either.store._clock = lambda: datetime.datetime.now(tz=datetime.UTC)
    either.worker = _with_real_time(either.worker)
    return either


def _with_real_time(make):
    def worker(store=None, **more):
        now = {"clock": lambda: datetime.datetime.now(tz=datetime.UTC), "limits": QUICK}
        return make(store, **{**now, **more})

    return worker


class Cut:
    """A way to the store that can be cut."""

    def __init__(self, store):
        self._store = store
        self.is_cut = threading.Event()
        self.refused = threading.Event()

    @contextmanager
    def transaction(self, municipality):
        if self.is_cut.is_set():
            self.refused.set()
            raise StoreUnavailable("cut off")
        with self._store.transaction(municipality) as work:
            yield work


@pytest.fixture
def blocked(world):
    """The first attempt blocks: begun, and let go."""
    begun, go_on = threading.Event(), threading.Event()
    send = world.receivers["case_system"].send

    def slow(parcel):
        if not begun.is_set():
            begun.set()
            assert go_on.wait(20)
        return send(parcel)

    world.receivers["case_system"].send = slow
    yield begun, go_on
    go_on.set()


def _start(worker, world):
    thread = threading.Thread(target=worker.work_one, args=(world.code,))
    thread.start()
    return thread


def _until_taken(world, worker):
    """Work until there was something to work on; how many seconds that took."""
    begun = time.monotonic()
    while not worker.work_one(world.code):
        assert time.monotonic() - begun < 20
        time.sleep(0.02)
    return time.monotonic() - begun


def test_a_worker_that_lives_keeps_its_row(world, blocked):
    begun, go_on = blocked
    world.submit("s1")
    thread = _start(world.worker(), world)
    assert begun.wait(5)
    first, other = world.row(), world.worker()
    end = time.monotonic() + 3 * QUICK.lease.total_seconds()
    while time.monotonic() < end:
        assert not other.work_one(world.code)
        time.sleep(0.05)
    assert world.row().lease_until > first.lease_until + QUICK.lease
    go_on.set()
    thread.join(5)
    assert world.row().state is DeliveryState.DELIVERED
    assert [one.outcome for one in world.attempts()] == [K.DELIVERED]


def test_one_that_is_cut_off_loses_it_and_changes_nothing_when_it_is_back(world, blocked):
    begun, go_on = blocked
    world.submit("s1")
    way = Cut(world.store)
    thread = _start(world.worker(way), world)
    assert begun.wait(5)
    way.is_cut.set()
    assert _until_taken(world, world.worker()) < 10 * QUICK.lease.total_seconds()
    settled = world.row()
    assert [(one.outcome, one.evidence) for one in world.attempts()] == [
        (K.UNKNOWN, WORKER_STOPPED)
    ]
    way.is_cut.clear()
    go_on.set()
    thread.join(5)
    assert not thread.is_alive()
    assert world.row() == settled
    assert len(world.attempts()) == 1
    with world.store.transaction(world.code) as work:
        (line,) = work.audit.about(NAME)
    assert (line.event, line.detail) == (ENDED_LATE, K.DELIVERED)


def test_what_the_receiver_said_outlives_a_short_trouble_of_the_store(world, blocked):
    begun, go_on = blocked
    world.submit("s1")
    way = Cut(world.store)
    thread = _start(world.worker(way, limits=Limits()), world)
    assert begun.wait(5)
    way.is_cut.set()
    go_on.set()
    assert way.refused.wait(5)
    way.is_cut.clear()
    thread.join(5)
    assert world.row().state is DeliveryState.DELIVERED
    assert [one.outcome for one in world.attempts()] == [K.DELIVERED]


class InDoubt:
    """A store whose fourth commit is made, and ends in an error all the same."""

    def __init__(self, store):
        self._store = store
        self._left = 4

    @contextmanager
    def transaction(self, municipality):
        self._left -= 1
        with self._store.transaction(municipality) as work:
            yield work
        if self._left == 0:
            raise CommitUnknown("nobody can tell")


def test_an_end_that_was_stored_and_is_stored_again_is_one(world):
    world.submit("s1")
    assert world.worker(InDoubt(world.store)).work_one(world.code)
    assert world.row().state is DeliveryState.DELIVERED
    assert [one.outcome for one in world.attempts()] == [K.DELIVERED]
    with world.store.transaction(world.code) as work:
        assert work.audit.about(NAME) == []


def test_an_attempt_that_never_ends_is_not_prolonged_for_ever(world, blocked):
    begun, go_on = blocked
    world.submit("s1")
    second = datetime.timedelta(seconds=0.5)
    thread = _start(world.worker(limits=Limits(second, second)), world)
    assert begun.wait(5)
    assert _until_taken(world, world.worker()) < 8
    go_on.set()
    thread.join(5)
    assert not thread.is_alive()


def test_a_reminder_of_one_delivery_is_one_of_its_receiver(world):
    world.submit("s1")
    world.submit("s2", world.a_delivery("s2", due_at=world.row().due_at.replace(year=2020)))
    worker = world.worker()
    assert not worker.work_on(world.code, "s9-case_system")
    assert worker.work_on(world.code, NAME)
    assert world.row("s2-case_system").state is DeliveryState.DELIVERED
    assert worker.work_on(world.code, NAME)
    assert world.row().state is DeliveryState.DELIVERED
    assert not worker.work_on(world.code, NAME)


def test_whatever_becomes_due_is_planned(world):
    planned = []

    class Queue:
        def plan(self, work, delivery_id, due_at):
            assert work.municipality == world.code
            planned.append((delivery_id, due_at))

    world.submit("s1", world.a_delivery("s1"), world.a_delivery("s1", "mail", after="case_system"))
    world.receivers["mail"].answers = [TimeoutError()]
    worker = world.worker()
    worker.planned_by(Queue())
    assert worker.work_one(world.code)
    assert worker.work_one(world.code)
    mail = world.row("s1-mail")
    assert planned[-1] == ("s1-mail", mail.due_at)
    assert [name for name, _ in planned] == ["s1-mail", "s1-mail"]
