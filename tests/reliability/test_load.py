"""The suite ``load`` in small, in plain tox. The whole of it: ``tox run -e load``.

Other tests run beside it, so the bounds are generous; what is exact is that equal
work is compared, which the measurements check themselves.
"""

from __future__ import annotations

import contextlib
import statistics

import load
import load_deliveries
import load_faults
import load_grown
import load_queue
import load_submit
import pytest

from selvbetjening_core.store.engine import open_engine, upgrade

GENEROUS = 2.5
LOOK_SECONDS = 12.0
TOLD_SECONDS = 4.0
"""Sooner than an engine that nobody tells would look, however busy the machine is."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/load.db"
    return request.getfixturevalue("postgres_url")


def test_what_submit_costs(url):
    engine = open_engine(url)
    upgrade(engine)
    with contextlib.closing(load._by_hand(url)) as connection:
        found = load_submit.ratio(engine, connection, rounds=7, each=5)
    engine.dispose()
    assert found.value <= load.SUBMIT_BOUND * GENEROUS


def test_deliveries_each_second(postgres):
    value, _, _ = load_deliveries.ratio(postgres.new_database, rounds=1, number=80)
    assert value >= load.DELIVERIES_BOUND / GENEROUS


def test_a_delivery_begins_soon_after_the_commit(url):
    assert load_queue.commit_to_start(url, 20, look_seconds=LOOK_SECONDS) <= TOLD_SECONDS


def test_a_queue_is_worked_off(url):
    found = load_queue.drain(url, 1_000, 2)
    assert found.first <= load.FIRST_BOUND * GENEROUS
    assert found.late > 0


def test_much_that_was_kept_slows_nothing(tmp_path):
    small = load_grown.opened(f"sqlite:///{tmp_path}/few.db", 50)
    large = load_grown.opened(f"sqlite:///{tmp_path}/many.db", 500)
    ratios = load_grown.ratios(small, large, 5)
    # One of them alone says little in so few rounds.
    assert statistics.median(ratios.values()) <= load.GROWN_BOUND * GENEROUS
    for one in (small, large):
        one.engine.dispose()


def test_whoever_is_not_told_begins_late(url):
    """Control."""
    with load_faults.planted("nobody-is-told"):
        found = load_queue.commit_to_start(url, 10, look_seconds=LOOK_SECONDS)
    assert found > TOLD_SECONDS
