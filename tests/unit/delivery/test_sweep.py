from __future__ import annotations

import collections
import threading
import time

import pytest

from selvbetjening_core.delivery.hands import Hands
from selvbetjening_core.delivery.sweep import Sweep, about


class Due:
    """So much is due in each municipality; each step takes a moment."""

    def __init__(self, **counts):
        self.left = collections.Counter(counts)
        self.order = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def step(self, municipality):
        with self.lock:
            found = self.left[municipality] > 0
            self.left[municipality] -= found
            self.order += [municipality] if found else []
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(0.01 if found else 0)
        with self.lock:
            self.at_once -= 1
        if municipality == "broken":
            raise RuntimeError("2512484916")
        return found


@pytest.fixture
def sweep_with():
    stop = threading.Event()
    made = []

    def make(due, codes, number=4):
        hands = Hands(number)
        made.append(hands)
        return Sweep(due.step, lambda: codes, hands, stop, seconds=0.05)

    yield make
    stop.set()
    for hands in made:
        assert hands.stop(5)


def wait_until(is_so):
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def test_where_something_is_due_more_hands_come(sweep_with):
    due = Due(a=60)
    sweep_with(due, ["a"]).go_on("a")
    wait_until(lambda: not due.left["a"])
    assert 2 <= due.most_at_once <= 4


def test_municipalities_take_turns(sweep_with):
    due = Due(a=100, b=5)
    sweep = sweep_with(due, ["a", "b"])
    sweep.go_on("a")
    wait_until(lambda: len(due.order) > 10)
    sweep.go_on("b")
    wait_until(lambda: not due.left["b"])
    assert due.left["a"]


def test_it_comes_by_without_being_asked_and_trouble_stays_where_it_is(sweep_with, caplog):
    due = Due(broken=1, a=3)
    sweep = sweep_with(due, ["broken", "a"])
    threading.Thread(target=sweep.run, daemon=True).start()
    wait_until(lambda: not due.left["a"])
    wait_until(lambda: "delivery in broken stopped for a moment: RuntimeError" in caplog.text)
    assert "2512484916" not in caplog.text


def test_what_was_asked_while_somebody_looked_is_looked_at(sweep_with):
    entered, gate = threading.Event(), threading.Event()
    looks = []

    class Slow(Due):
        def step(self, municipality):
            looks.append(municipality)
            entered.set()
            gate.wait(5)
            return False

    sweep = sweep_with(Slow(), ["a"])
    sweep.go_on("a")
    assert entered.wait(5)
    sweep.go_on("a")
    sweep.go_on("a")
    gate.set()
    wait_until(lambda: len(looks) == 2)
    time.sleep(0.05)
    assert len(looks) == 2


def test_a_step_that_fails_costs_no_hand(caplog):
    hands = Hands(1)
    done = threading.Event()
    hands.begin(lambda: 1 / 0)
    hands.begin(done.set)
    assert done.wait(5)
    assert "ZeroDivisionError" in caplog.text
    assert hands.stop(5)
    hands.begin(done.clear)
    assert done.is_set()


def test_what_was_started_together_does_not_stay_together():
    assert len({about(4) for _ in range(20)}) == 20
    assert all(2 <= about(4) <= 6 for _ in range(100))
