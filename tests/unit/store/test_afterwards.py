"""What waits until the database can be used again is done once, and not forgotten."""

from __future__ import annotations

import threading

import pytest

from selvbetjening_core.errors import StoreUnavailable
from selvbetjening_core.store import afterwards as module
from selvbetjening_core.store.afterwards import Afterwards


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.01)


class Work:
    """Fails so many times; then it is done."""

    def __init__(self, failures, error=StoreUnavailable):
        self.failures, self.error = failures, error
        self.calls = 0
        self.done = threading.Event()

    def __call__(self):
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error("not yet")
        self.done.set()


def test_it_is_tried_until_the_store_can_be_used():
    afterwards, first, second = Afterwards(), Work(failures=3), Work(failures=0)
    afterwards.add(first)
    afterwards.add(second)
    assert second.done.wait(10)
    assert (first.calls, second.calls) == (4, 1)
    afterwards.close()


def test_what_comes_after_a_rest_is_done_too():
    afterwards = Afterwards()
    for _ in range(2):
        work = Work(failures=0)
        afterwards.add(work)
        assert work.done.wait(10)
    afterwards.close()


def test_closing_tries_once_more_and_no_longer():
    afterwards, good, bad = Afterwards(), Work(failures=1), Work(failures=10**6)
    afterwards.add(bad)
    afterwards.close()
    calls = bad.calls
    assert calls >= 1
    afterwards.add(good)
    assert not good.done.wait(0.1)
    assert bad.calls == calls


def test_another_error_stands_in_nobodys_way(caplog):
    afterwards, bad, good = Afterwards(), Work(10**6, ValueError), Work(failures=0)
    afterwards.add(bad)
    afterwards.add(good)
    assert good.done.wait(10)
    assert bad.calls == 1
    assert "ValueError" in caplog.text
    assert "not yet" not in caplog.text
    afterwards.close()
