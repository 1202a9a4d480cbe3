"""What was opened is kept for a while, and never too much of it."""

from __future__ import annotations

import time

import pytest

from selvbetjening_core.store.remembered import Remembered


@pytest.fixture
def at(monkeypatch):
    moment = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])

    def go(seconds):
        moment[0] = seconds

    return go


@pytest.fixture
def kept(at):
    at(0)
    return Remembered(seconds=10, most=3)


def test_it_is_forgotten_after_once_to_twice_the_time(kept, at):
    kept.put("a", 1)
    at(9)
    assert kept.get("a") == 1
    at(12)
    assert kept.get("b") is None
    at(21)
    assert kept.get("a") == 1
    at(50)
    assert kept.get("a") is None
    assert len(kept) == 0


def test_what_nobody_asks_for_is_gone(kept, at):
    kept.put("a", 1)
    at(11)
    kept.put("b", 2)
    kept.get("b")
    at(22)
    assert kept.get("a") is None
    assert kept.get("b") == 2


def test_there_are_never_more_than_twice_the_most(kept):
    for number in range(100):
        kept.put(number, "value")
        assert len(kept) <= 6
    assert kept.get(99) == "value"
