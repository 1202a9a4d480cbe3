from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.delivery.rules import (
    NOBODY_KNOWS,
    REFUSED,
    RetryPolicy,
    Situation,
    backoff,
    decide,
)
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import OutcomeKind, ResolvesUnknown

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
POLICY = RetryPolicy()
SECOND = datetime.timedelta(seconds=1)


def _situation(attempts=1, resolves=ResolvesUnknown.PERSON):
    return Situation(attempts, resolves, NOW, lambda: 1.0, POLICY)


@pytest.mark.parametrize(
    ("outcome", "resolves", "state", "waits"),
    [
        ("delivered", "person", "delivered", False),
        ("accepted_pending", "person", "accepted_pending", False),
        ("permanent", "safe_repeat", "parked", False),
        ("transient", "person", "waiting", True),
        ("transient", None, "waiting", True),
        ("unknown", "safe_repeat", "waiting", True),
        ("unknown", "query", "unknown", True),
        ("unknown", None, "unknown", True),
        ("unknown", "person", "parked", False),
    ],
)
def test_each_outcome_leads_to_one_state(outcome, resolves, state, waits):
    resolves = resolves and ResolvesUnknown(resolves)
    found = decide(OutcomeKind(outcome), _situation(resolves=resolves))
    assert found.state is DeliveryState(state)
    assert found.due_at == (NOW + 5 * SECOND if waits else None)
    assert bool(found.reason) is (state not in {"delivered", "accepted_pending"})


def test_what_is_parked_says_why():
    assert decide(OutcomeKind.PERMANENT, _situation()).reason == REFUSED
    assert decide(OutcomeKind.UNKNOWN, _situation()).reason == NOBODY_KNOWS


@pytest.mark.parametrize(
    ("outcome", "resolves", "doubt"),
    [
        ("transient", "safe_repeat", False),
        ("unknown", "safe_repeat", True),
        ("unknown", "query", True),
        ("unknown", None, True),
    ],
)
def test_after_the_last_attempt_it_is_parked(outcome, resolves, doubt):
    resolves = resolves and ResolvesUnknown(resolves)
    before = decide(OutcomeKind(outcome), _situation(POLICY.max_attempts - 1, resolves))
    last = decide(OutcomeKind(outcome), _situation(POLICY.max_attempts, resolves))
    assert before.state is not DeliveryState.PARKED
    assert last.state is DeliveryState.PARKED
    assert last.due_at is None
    assert "12 attempts" in last.reason
    assert (NOBODY_KNOWS in last.reason) is doubt


def test_waiting_doubles_up_to_an_hour():
    waits = [backoff(number, POLICY, lambda: 1.0) / SECOND for number in (1, 2, 3, 4, 10, 11, 99)]
    assert waits == [5, 10, 20, 40, 2560, 3600, 3600]


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_jitter_stays_between_nothing_and_the_whole(attempts, drawn):
    wait = backoff(attempts, POLICY, lambda: drawn)
    assert datetime.timedelta(0) <= wait <= backoff(attempts, POLICY, lambda: 1.0)
