"""The circuit breaker: a receiver that fails again and again is left alone for a while."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from selvbetjening_core.errors import TooBusy
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import Outcome, OutcomeKind, Verdict

K = OutcomeKind
COMPONENT = "case_system-component"
MINUTE = datetime.timedelta(minutes=1)


def _receiver(world):
    with world.store.transaction(world.code) as work:
        return work.receivers.get(COMPONENT)


@pytest.fixture
def failing(world):
    """Ten deliveries to a receiver that answers like this."""

    def failing(*answers, number=10):
        receiver = world.receivers["case_system"]
        receiver.answers = list(answers)
        for one in range(number):
            world.submit(f"s{one}")
        return receiver

    return failing


@pytest.mark.parametrize(
    "answer", [Outcome(K.TRANSIENT, "503"), Outcome(K.UNKNOWN, "?"), TimeoutError()]
)
def test_after_five_failures_in_a_row_nothing_is_attempted(world, failing, answer):
    receiver = failing(*[answer] * 99)
    assert world.embedded().drain() == 5
    assert len(receiver.parcels) == 5
    found = _receiver(world)
    assert (found.failures, found.rests_until) == (5, world.clock.now + MINUTE)


def test_after_the_rest_one_is_let_through_and_the_next_rest_is_longer(world, failing):
    receiver = failing(*[Outcome(K.TRANSIENT, "503")] * 7)
    world.embedded().drain()
    world.clock.forward(minutes=1)
    assert world.embedded().drain() == 1
    assert _receiver(world).rests_until == world.clock.now + 2 * MINUTE
    world.clock.forward(minutes=2)
    assert world.embedded().drain() == 1
    assert _receiver(world).rests_until == world.clock.now + 4 * MINUTE
    world.clock.forward(minutes=4)
    # It works again: all that is due goes.
    assert world.embedded().drain() == 10
    assert len(receiver.effects) == 10
    assert (_receiver(world).failures, _receiver(world).rests_until) == (0, None)


def test_while_one_is_let_through_no_other_is_claimed(world, failing):
    failing(*[Outcome(K.TRANSIENT, "503")] * 5)
    world.embedded().drain()
    world.clock.forward(minutes=1)
    worker = world.worker()
    held = worker.take(world.code)
    assert worker.take(world.code) is None
    worker.work(held)
    assert worker.take(world.code) is not None
    assert worker.take(world.code) is not None


@pytest.mark.parametrize("answer", [Outcome(K.PERMANENT, "422"), Outcome(K.ACCEPTED_PENDING, "")])
def test_a_receiver_that_answers_never_rests(world, failing, answer):
    receiver = failing(*[answer] * 10)
    assert world.embedded().drain() == 10
    assert len(receiver.parcels) == 10
    assert _receiver(world).failures == 0


def test_an_answer_between_failures_begins_the_count_anew(world, failing):
    failing(*([Outcome(K.TRANSIENT, "503")] * 4 + [Outcome(K.PERMANENT, "422")]) * 2)
    assert world.embedded().drain() == 10
    assert _receiver(world).rests_until is None


@pytest.mark.parametrize("verdict", [Verdict(ok=False, reasons=("too big",)), RuntimeError()])
def test_what_was_never_sent_tells_nothing_of_the_receiver(world, failing, verdict):
    failing(*[Outcome(K.TRANSIENT, "503")] * 3)
    world.embedded().drain()
    world.receivers["case_system"].verdict = verdict
    for number in range(10, 20):
        world.submit(f"s{number}")
    world.embedded().drain()
    assert _receiver(world).failures in {0, 3}
    assert _receiver(world).rests_until is None


def test_busy_is_no_failure_of_the_receiver_and_comes_again_soon(world, failing):
    receiver = failing(*[TooBusy("full")] * 10)
    assert world.embedded().drain() == 10
    assert _receiver(world).failures == 0
    world.clock.forward(seconds=5)
    world.embedded().drain()
    assert len(receiver.effects) == 10


def test_one_receiver_that_rests_holds_up_no_other(world):
    world.receivers["case_system"].answers = [Outcome(K.TRANSIENT, "503")] * 99
    for number in range(8):
        name = f"s{number}"
        world.submit(name, world.a_delivery(name), world.a_delivery(name, "mail"))
    world.embedded().drain()
    assert len(world.receivers["mail"].effects) == 8


def test_an_outage_of_a_month_parks_nothing_that_had_few_attempts(world, failing):
    """A rest costs no attempts, and nothing is given up for that its receiver rested."""
    receiver = failing(*[Outcome(K.TRANSIENT, "503")] * 9999, number=300)
    for _ in range(60):
        world.embedded().drain()
        world.clock.forward(hours=12)
    with world.store.transaction(world.code) as work:
        assert work.deliveries.count_by_state() == {"waiting": 300}
    receiver.answers.clear()
    world.until_quiet(3)
    assert len(receiver.effects) == 300


def test_the_rules_of_a_municipality_count(world, failing):
    world.rules = replace(world.rules, rest_after_failures=2, rest=7 * MINUTE, at_once=1)
    failing(*[Outcome(K.TRANSIENT, "503")] * 99)
    worker = world.worker()
    assert worker.take(world.code) is not None
    assert worker.take(world.code) is None
    world.clock.forward(minutes=1)
    world.embedded().drain()
    assert _receiver(world).rests_until == world.clock.now + 7 * MINUTE
    assert world.row("s9-case_system").state is DeliveryState.WAITING
