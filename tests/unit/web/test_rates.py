"""Counting how often things are done."""

from __future__ import annotations

import threading

import pytest

from selvbetjening_core.web.limits.rates import Count, Rates


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rates(clock):
    return Rates(clock)


def of(whose: str, limit: int = 3, seconds: int = 60) -> Count:
    return Count(("0101", "logins", whose), limit, seconds)


def test_so_many_at_once_and_then_one_has_to_wait(rates):
    assert [rates.take([of("a")]) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert rates.take([of("a")]) == pytest.approx(20)


def test_they_come_back_evenly(rates, clock):
    for _ in range(3):
        rates.take([of("a")])
    clock.seconds += 19.9
    assert rates.take([of("a")]) > 0
    clock.seconds += 0.2
    assert rates.take([of("a")]) == 0
    assert rates.take([of("a")]) > 0


def test_another_is_not_held(rates):
    for _ in range(4):
        rates.take([of("a")])
    assert rates.take([of("b")]) == 0


def test_who_is_held_by_one_count_uses_up_no_other(rates):
    for _ in range(10):
        rates.take([of("a", 2), of("all", 5)])
    assert [rates.take([of("b", 9), of("all", 5)]) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert rates.take([of("b", 9), of("all", 5)]) > 0


def test_nought_is_no_limit(rates):
    assert not any(rates.take([of("a", 0)]) for _ in range(1000))
    assert len(rates) == 0


def test_what_is_kept_tells_nobodys_address_and_has_an_end(clock):
    rates = Rates(clock, most=100)
    for number in range(1000):
        rates.take([of(f"198.51.100.{number}")])
    assert len(rates) <= 100
    assert not any(b"198" in key for key in rates._empty_at)


def test_whoever_has_done_most_is_not_forgotten_for_many_others(clock):
    rates = Rates(clock, most=100)
    for _ in range(3):
        rates.take([of("busy")])
    for number in range(1000):
        rates.take([of(str(number))])
    assert rates.take([of("busy")]) > 0


def test_many_threads_together_get_no_more_than_the_limit(rates):
    let = []

    def work() -> None:
        let.extend(rates.take([of("a", 100, 3600)]) == 0 for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(let) == 100
