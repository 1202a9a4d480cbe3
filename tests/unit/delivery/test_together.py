"""Threads that claim together: one claims for all, and nobody is forgotten."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from selvbetjening_core.delivery.together import Together

WANTED = ("0773", "journal")


class Claims:
    """Answers as told, and keeps how many were wanted; the first call waits for the word."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []
        self.entered, self.go_on = threading.Event(), threading.Event()

    def __call__(self, wanted, most):
        assert wanted == WANTED
        self.asked.append(most)
        answer = self.answers.pop(0)
        if len(self.asked) == 1:
            self.entered.set()
            assert self.go_on.wait(10)
        if isinstance(answer, Exception):
            raise answer
        return answer


def _take_with(claims, others):
    """What the first gets, and what those get who come while it claims."""
    together = Together(claims)
    with ThreadPoolExecutor(1 + others) as pool:
        first = pool.submit(together.take, WANTED)
        assert claims.entered.wait(10)
        rest = [pool.submit(together.take, WANTED) for _ in range(others)]
        while len(together._waiting[WANTED]) < others:
            threading.Event().wait(0.001)
        claims.go_on.set()
        return first, [one.result() for one in rest]


def test_one_claims_for_all_that_wait():
    claims = Claims(["a"], ["b", "c", "d"])
    first, rest = _take_with(claims, 3)
    assert first.result() == "a"
    assert sorted(rest) == ["b", "c", "d"]
    assert claims.asked == [1, 3]


def test_who_gets_none_is_told_so():
    _, rest = _take_with(Claims(["a"], ["b"]), 3)
    assert sorted(rest, key=str) == [None, None, "b"]


def test_an_error_is_its_own_and_the_others_go_on():
    claims = Claims(RuntimeError("away"), ["b", "c"])
    first, rest = _take_with(claims, 2)
    with pytest.raises(RuntimeError, match="away"):
        first.result()
    assert sorted(rest) == ["b", "c"]
