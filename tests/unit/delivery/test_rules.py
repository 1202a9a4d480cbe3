from __future__ import annotations

import dataclasses
import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.composition.receiver_rules import ReceiverRules
from selvbetjening_core.delivery.rules import (
    BUSY,
    FEWEST_ATTEMPTS,
    NO_COMPONENT,
    NOBODY_KNOWS,
    RECEIPT_AWAITED,
    REFUSED,
    Situation,
    backoff,
    decide,
    put_off,
    rests_until,
    slots,
)
from selvbetjening_core.journey.records import DeliveryState, Receiver
from selvbetjening_core.values import OutcomeKind, ResolvesUnknown

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
RULES = ReceiverRules()
SECOND = datetime.timedelta(seconds=1)


def _situation(attempts=1, resolves=ResolvesUnknown.PERSON, age=SECOND, awaited=None):
    since = None if awaited is None else NOW - awaited
    return Situation(attempts, NOW - age, resolves, NOW, lambda: 1.0, RULES, since)


@pytest.mark.parametrize(
    ("outcome", "resolves", "state", "waits"),
    [
        ("delivered", "person", "delivered", False),
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
    assert bool(found.reason) is (state != "delivered")


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
def test_after_a_week_of_attempts_it_is_parked(outcome, resolves, doubt):
    resolves = resolves and ResolvesUnknown(resolves)
    week = datetime.timedelta(days=7)
    before = decide(OutcomeKind(outcome), _situation(180, resolves, week - SECOND))
    last = decide(OutcomeKind(outcome), _situation(181, resolves, week))
    assert before.state is not DeliveryState.PARKED
    assert before.due_at == NOW + datetime.timedelta(hours=1)
    assert last.state is DeliveryState.PARKED
    assert last.due_at is None
    assert "181 attempts since 2026-02-22 00:00 UTC" in last.reason
    assert (NOBODY_KNOWS in last.reason) is doubt


@pytest.mark.parametrize("resolves", ["inbox", "person", "safe_repeat", None])
def test_what_was_only_accepted_is_looked_at_in_the_end(resolves):
    resolves = resolves and ResolvesUnknown(resolves)
    day = datetime.timedelta(days=1)
    first = decide(OutcomeKind.ACCEPTED_PENDING, _situation(resolves=resolves))
    assert (first.state, first.reason) == (DeliveryState.ACCEPTED_PENDING, "")
    assert first.due_at == NOW + 7 * day
    later = decide(OutcomeKind.ACCEPTED_PENDING, _situation(resolves=resolves, awaited=6 * day))
    assert later.due_at == NOW + day
    end = decide(OutcomeKind.ACCEPTED_PENDING, _situation(resolves=resolves, awaited=7 * day))
    assert end.state is DeliveryState.PARKED
    assert "has not confirmed it since 2026-02-22 00:00 UTC" in end.reason


def test_one_that_can_be_asked_is_asked_meanwhile():
    query, kind = ResolvesUnknown.QUERY, OutcomeKind.ACCEPTED_PENDING
    week = datetime.timedelta(days=7)
    assert decide(kind, _situation(1, query)).due_at == NOW + 5 * SECOND
    assert decide(kind, _situation(99, query, awaited=week / 2)).due_at == NOW + 3600 * SECOND
    late = decide(kind, _situation(99, query, awaited=week - SECOND))
    assert late.due_at == NOW + SECOND
    assert decide(kind, _situation(99, query, awaited=week)).state is DeliveryState.PARKED


def test_an_unknown_waits_for_its_receipt_and_not_for_ever():
    inbox, week = ResolvesUnknown.INBOX, datetime.timedelta(days=7)
    first = decide(OutcomeKind.UNKNOWN, _situation(resolves=inbox, age=week, awaited=SECOND))
    assert (first.state, first.reason) == (DeliveryState.UNKNOWN, RECEIPT_AWAITED)
    assert first.due_at == NOW + week - SECOND
    last = decide(OutcomeKind.UNKNOWN, _situation(resolves=inbox, awaited=week))
    assert last.state is DeliveryState.PARKED
    assert last.reason == f"No receipt has come since 2026-02-22 00:00 UTC. {NOBODY_KNOWS}"


@pytest.mark.parametrize("outcome", ["transient", "unknown"])
def test_a_few_attempts_park_nothing_however_old_it_is(outcome):
    """While its receiver rested, hardly any were made."""
    month = datetime.timedelta(days=30)
    few, enough = FEWEST_ATTEMPTS - 1, FEWEST_ATTEMPTS
    resolves = ResolvesUnknown.SAFE_REPEAT
    assert decide(OutcomeKind(outcome), _situation(few, resolves, month)).state == "waiting"
    assert decide(OutcomeKind(outcome), _situation(enough, resolves, month)).state == "parked"


def test_what_was_too_busy_comes_again_soon_and_is_never_given_up():
    month = datetime.timedelta(days=30)
    busy = dataclasses.replace(_situation(99, age=month), is_busy=True)
    found = decide(OutcomeKind.TRANSIENT, busy)
    assert (found.state, found.reason) == (DeliveryState.WAITING, BUSY)
    assert found.due_at == NOW + 5 * SECOND


def test_a_receiver_rests_after_some_failures_and_longer_each_time():
    rests = [(rests_until(number, RULES, NOW) or NOW) - NOW for number in range(13)]
    minutes = [rest // datetime.timedelta(minutes=1) for rest in rests]
    assert minutes == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert rests_until(4, RULES, NOW) is None
    assert rests_until(10_000, RULES, NOW) == NOW + datetime.timedelta(hours=1)


def test_after_a_rest_one_attempt_shows_whether_it_works_again():
    assert [slots(Receiver("journal", failures=number), RULES) for number in (0, 4, 5, 9)] == [
        2,
        2,
        1,
        1,
    ]


@pytest.mark.parametrize("outcome", ["transient", "unknown"])
def test_no_number_of_attempts_parks_it(outcome):
    found = decide(OutcomeKind(outcome), _situation(10_000, ResolvesUnknown.SAFE_REPEAT))
    assert found.state is DeliveryState.WAITING


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        ("sending", "waiting"),
        ("waiting", "waiting"),
        ("unknown", "unknown"),
        ("accepted_pending", "accepted_pending"),
    ],
)
def test_what_has_no_component_is_put_off(state, kept):
    reason = NO_COMPONENT.format(component="journal")
    found = put_off(DeliveryState(state), reason, NOW)
    assert (found.state, found.reason) == (DeliveryState(kept), 'no component called "journal"')
    assert found.due_at == NOW + datetime.timedelta(minutes=10)


def test_waiting_doubles_up_to_an_hour():
    waits = [backoff(number, RULES, lambda: 1.0) / SECOND for number in (1, 2, 3, 4, 10, 11, 99)]
    assert waits == [5, 10, 20, 40, 2560, 3600, 3600]


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_jitter_stays_between_half_and_the_whole(attempts, drawn):
    whole = backoff(attempts, RULES, lambda: 1.0)
    assert whole / 2 <= backoff(attempts, RULES, lambda: drawn) <= whole
    assert backoff(attempts, RULES, lambda: 0.0) == whole / 2


def test_a_receiver_that_is_out_for_a_week_is_not_worn_out():
    def attempts_within(span, drawn):
        """How many attempts begin within ``span``, at these jitters, of the first thousand."""
        waits = (backoff(number, RULES, lambda: drawn) for number in range(1, 1000))
        return 1 + sum(gone < span for gone in itertools.accumulate(waits))

    assert attempts_within(datetime.timedelta(hours=1), 0.0) <= 12
    assert 168 <= attempts_within(RULES.give_up_after, 1.0) <= 180
    assert 336 <= attempts_within(RULES.give_up_after, 0.0) <= 360
