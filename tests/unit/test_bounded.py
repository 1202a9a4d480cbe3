from __future__ import annotations

import pytest

from selvbetjening_core.bounded import Bounded


def test_what_was_made_is_made_once():
    cache, made = Bounded(2), []
    for _ in range(3):
        assert cache.made("a", lambda: made.append("a") or "value") == "value"
    assert made == ["a"]


def test_the_least_recently_used_goes_first():
    cache = Bounded(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]


def test_it_never_holds_more_than_it_may():
    cache = Bounded(3)
    for number in range(100):
        cache.made(number, lambda: "value")
        assert len(cache) <= 3


def test_what_was_put_again_is_replaced():
    cache = Bounded(1)
    cache.put("a", 1)
    cache.put("a", 2)
    assert (cache.get("a"), len(cache)) == (2, 1)


def test_a_cache_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Bounded(0)
