"""Tasks: due times that outlive the process, and one process at a time."""

from __future__ import annotations

import datetime

import pytest

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def claim(store):
    def claim(at, lease=MINUTE, component="card", municipality="0773"):
        with store.transaction(municipality) as work:
            return work.tasks.claim(component, "settle", at, at + lease)

    return claim


@pytest.fixture
def done(store):
    def done(lease_until, due_at):
        with store.transaction("0773") as work:
            work.tasks.done("card", "settle", lease_until, due_at)

    return done


def test_a_new_task_is_due_at_once_and_held(claim, now):
    assert claim(now)
    assert not claim(now)
    assert not claim(now + MINUTE / 2)


def test_what_was_done_is_due_when_it_says(claim, done, now):
    claim(now)
    done(now + MINUTE, now + 10 * MINUTE)
    assert not claim(now + 9 * MINUTE)
    assert claim(now + 10 * MINUTE)


def test_what_a_dead_process_held_is_taken_over(claim, done, now):
    claim(now)
    assert claim(now + MINUTE)
    done(now + MINUTE, now + 10 * MINUTE)
    assert not claim(now + MINUTE + MINUTE / 2), "the dead one gave back what another holds"


def test_each_component_and_municipality_has_its_own(claim, now):
    assert claim(now)
    assert claim(now, component="other")
    assert claim(now, municipality="0751")
