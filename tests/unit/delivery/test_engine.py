from __future__ import annotations

import threading
import time
from contextlib import contextmanager

import pytest

from selvbetjening_core.delivery.engine import DeliveryEngine, EmbeddedEngine
from selvbetjening_core.journey.records import DeliveryState


def _wait_until(true, seconds=5.0):
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


def test_stopping_lets_the_attempt_under_way_end_and_takes_no_new_one(world, engine):
    begun, go_on = threading.Event(), threading.Event()
    receiver = world.receivers["case_system"]
    send = receiver.send

    def slow(parcel):
        begun.set()
        assert go_on.wait(5)
        return send(parcel)

    receiver.send = slow
    world.submit("s1")
    world.submit("s2")
    engine.start()
    assert begun.wait(5)
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
