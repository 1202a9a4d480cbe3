from __future__ import annotations

import datetime
import threading
import time
from contextlib import contextmanager

import pytest

from selvbetjening_core.delivery.engine import DeliveryEngine, EmbeddedEngine
from selvbetjening_core.delivery.worker import Limits
from selvbetjening_core.journey.records import DeliveryState


def _wait_until(true, seconds=20.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture
def engine(world):
    engine = world.embedded()
    yield engine
    engine.stop()


def test_enqueued_with_the_submission_or_not_at_all(world, engine):
    port: DeliveryEngine = engine
    world.submit("s1")

    def fail_half_way():
        with world.store.transaction(world.code) as work:
            port.enqueue(work, world.a_delivery("s1", "mail"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert world.row("s1-mail") is None
    with world.store.transaction(world.code) as work:
        port.enqueue(work, world.a_delivery("s1", "mail"))
    assert world.row("s1-mail") is not None


def test_a_woken_worker_delivers(world):
    engine = EmbeddedEngine(world.worker(), lambda: (world.code,), poll_seconds=60)
    engine.start()
    world.submit("s1")
    engine.wake()
    _wait_until(lambda: world.row().state is DeliveryState.DELIVERED)
    assert engine.stop()


def test_nobody_needs_to_wake_it(world, engine):
    engine.start()
    world.submit("s1")
    _wait_until(lambda: world.row().state is DeliveryState.DELIVERED)


def test_it_is_started_once_and_can_be_started_again(engine):
    engine.start()
    with pytest.raises(RuntimeError):
        engine.start()
    assert engine.stop()
    assert engine.stop()
    engine.start()
    assert engine.stop()
    assert "delivery" not in {thread.name for thread in threading.enumerate()}


def test_stopping_lets_the_attempt_under_way_end_and_takes_no_new_one(world):
    begun, go_on = threading.Event(), threading.Event()
    receiver = world.receivers["case_system"]
    send = receiver.send

    def slow(parcel):
        begun.set()
        assert go_on.wait(20)
        return send(parcel)

    receiver.send = slow
    engine = EmbeddedEngine(world.worker(), lambda: (world.code,), at_once=1)
    world.submit("s1")
    world.submit("s2")
    engine.start()
    assert begun.wait(20)
    assert not engine.stop(timeout=0.05)
    go_on.set()
    assert engine.stop()
    with world.store.transaction(world.code) as work:
        assert work.deliveries.count_by_state() == {"delivered": 1, "waiting": 1}


def test_an_error_of_the_store_does_not_end_the_worker(world, caplog):
    class FullDisk:
        failed = 0

        @contextmanager
        def transaction(self, municipality):
            if self.failed < 3:
                self.failed += 1
                raise OSError("2512484916")
            with world.store.transaction(municipality) as work:
                yield work

    world.submit("s1")
    engine = world.embedded(FullDisk())
    engine.start()
    _wait_until(lambda: world.row().state is DeliveryState.DELIVERED)
    assert engine.stop()
    assert caplog.text.count("OSError") == 3
    assert "2512484916" not in caplog.text


class BrokenFor:
    """A store that fails for some municipalities."""

    def __init__(self, store, *codes):
        self._store = store
        self.codes = set(codes)
        self.failed = []

    @contextmanager
    def transaction(self, municipality):
        if municipality in self.codes:
            self.failed.append(municipality)
            raise OSError("2512484916")
        with self._store.transaction(municipality) as work:
            yield work


@pytest.mark.parametrize("codes", [("0851", "0773"), ("0773", "0851")])
def test_trouble_in_one_municipality_does_not_starve_the_others(world, caplog, codes):
    for number in range(5):
        world.submit(f"s{number}")
    store = BrokenFor(world.store, "0851")
    engine = EmbeddedEngine(world.worker(store), lambda: codes, poll_seconds=60)
    assert engine.drain() == 5
    # Left alone while the others are busy, and looked at again in the next round.
    assert store.failed == ["0851"]
    assert engine.drain() == 0
    assert store.failed == ["0851"] * 2
    assert "0851" in caplog.text
    assert "OSError" in caplog.text
    assert "2512484916" not in caplog.text


def test_what_was_in_trouble_is_taken_up_again(world):
    world.submit("s1")
    world.submit("s1", municipality="0851")
    store = BrokenFor(world.store, "0851")
    engine = world.embedded(store, codes=("0851", "0773"))
    engine.start()
    _wait_until(lambda: world.row().state is DeliveryState.DELIVERED)
    assert world.row(municipality="0851").state is DeliveryState.WAITING
    store.codes.clear()
    _wait_until(lambda: world.row(municipality="0851").state is DeliveryState.DELIVERED)
    assert engine.stop()


def test_it_is_looked_at_again_even_while_the_others_are_busy(world):
    for number in range(20):
        world.submit(f"s{number}")
    store = BrokenFor(world.store, "0851")
    send = world.receivers["case_system"].send
    world.receivers["case_system"].send = lambda parcel: time.sleep(0.01) or send(parcel)
    assert world.embedded(store, codes=("0851", "0773")).drain() == 20
    assert len(store.failed) > 1


def test_an_error_in_listing_the_municipalities_does_not_end_the_worker(world):
    answers = [OSError(), OSError()]

    def codes():
        if answers:
            raise answers.pop()
        return (world.code,)

    world.submit("s1")
    engine = EmbeddedEngine(world.worker(), codes, poll_seconds=0.01)
    engine.start()
    _wait_until(lambda: world.row().state is DeliveryState.DELIVERED)
    assert engine.stop()


def _begin_slow_attempt(world, until, limits):
    """An engine in the midst of an attempt that takes until then."""
    begun = threading.Event()
    send = world.receivers["case_system"].send
    world.receivers["case_system"].send = lambda parcel: begun.set() or until() or send(parcel)
    world.submit("s1")
    engine = world.embedded(limits=limits, clock=lambda: datetime.datetime.now(tz=datetime.UTC))
    engine.start()
    assert begun.wait(20)
    return engine


def _seconds(number):
    return datetime.timedelta(seconds=number)


def test_stopping_waits_by_default_as_long_as_a_step_may_take(world):
    limits = Limits(attempt=_seconds(10), lease=_seconds(1))
    engine = _begin_slow_attempt(world, lambda: time.sleep(0.7), limits)
    assert engine.stop()
    assert world.row().state is DeliveryState.DELIVERED
    assert Limits().longest > Limits().attempt > Limits().lease


def test_stopping_does_not_wait_for_ever(world):
    """The control: what the wait is measured by is the worker's limit."""
    limits = Limits(attempt=_seconds(0.1), lease=_seconds(0.1))
    go_on = threading.Event()
    engine = _begin_slow_attempt(world, lambda: go_on.wait(20) and None, limits)
    assert not engine.stop()
    assert world.row().state is DeliveryState.SENDING
    go_on.set()
    assert engine.stop(timeout=20)


def test_stopping_begins_no_attempt_in_the_next_municipality(world):
    begun, go_on = threading.Event(), threading.Event()
    receiver = world.receivers["case_system"]
    send = receiver.send
    receiver.send = lambda parcel: begun.set() or (go_on.wait(20) and send(parcel))
    world.submit("s1")
    world.submit("s1", municipality="0851")
    engine = EmbeddedEngine(world.worker(), lambda: ("0773", "0851"), at_once=1)
    engine.start()
    assert begun.wait(20)
    assert not engine.stop(timeout=0.05)
    go_on.set()
    assert engine.stop()
    assert world.row().state is DeliveryState.DELIVERED
    assert world.row(municipality="0851").state is DeliveryState.WAITING


def test_several_workers_on_one_file_deliver_each_row_once(world):
    numbers = range(30)
    for number in numbers:
        world.submit(f"s{number}")
    receiver = world.receivers["case_system"]
    receiver.honours_keys = False
    engines = [world.embedded() for _ in range(4)]
    for engine in engines:
        engine.start()
    _wait_until(lambda: len(receiver.effects) >= len(numbers), 20)
    for engine in engines:
        assert engine.stop()
    assert sorted(receiver.effects) == sorted(f"s{number}-case_system" for number in numbers)


def _hang(world, destination, go_on):
    """A receiver that hangs until ``go_on``; the attempts it ever had under way."""
    inside = []
    send = world.receivers[destination].send
    world.receivers[destination].send = lambda parcel: (
        inside.append(parcel.key) or (go_on.wait(20) and send(parcel))
    )
    return inside


@pytest.fixture
def go_on():
    event = threading.Event()
    yield event
    event.set()


def test_a_receiver_that_hangs_holds_up_nobody_else(world, engine, go_on):
    inside = _hang(world, "case_system", go_on)
    for number in range(6):
        name = f"s{number}"
        world.submit(name, world.a_delivery(name), world.a_delivery(name, "mail"))
    engine.start()
    _wait_until(lambda: len(world.receivers["mail"].effects) == 6)
    # As many hang as may be under way at its receiver, and no more.
    assert len(inside) == 2
    go_on.set()
    _wait_until(lambda: len(world.receivers["case_system"].effects) == 6)


def test_with_one_thread_it_would(world, go_on):
    """The control."""
    _hang(world, "case_system", go_on)
    world.submit("s1", world.a_delivery("s1"), world.a_delivery("s1", "mail"))
    engine = EmbeddedEngine(world.worker(), lambda: (world.code,), 0.01, at_once=1)
    engine.start()
    time.sleep(0.3)
    assert world.receivers["mail"].effects == []
    go_on.set()
    assert engine.stop()


def test_an_idle_engine_asks_once_in_a_while_however_many_threads_it_has(world):
    asked = []

    def codes():
        asked.append(time.monotonic())
        return (world.code,)

    engine = EmbeddedEngine(world.worker(), codes, poll_seconds=0.1, at_once=8)
    engine.start()
    time.sleep(0.55)
    assert engine.stop()
    assert len(asked) <= 8


def test_run_in_a_thread_of_the_callers_own(world):
    stop = threading.Event()
    engine = world.embedded()
    thread = threading.Thread(target=engine.run, args=(stop,))
    thread.start()
    world.submit("s1")
    _wait_until(lambda: world.row().state is DeliveryState.DELIVERED)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
