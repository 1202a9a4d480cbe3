"""A worker may end anywhere: nothing is lost, and nothing is delivered twice.

Workers are cut off by an exception that nothing catches; the next one opens
the same file.
"""

from __future__ import annotations

import pytest

from selvbetjening_core.delivery import operating
from selvbetjening_core.delivery.conclusion import NothingPlanned
from selvbetjening_core.delivery.rules import ENDS_WORKERS
from selvbetjening_core.delivery.stops import MOST_STOPS, WORKER_STOPPED
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import Outcome, OutcomeKind, ResolvesUnknown

COMMITS = [(number, moment) for number in range(1, 5) for moment in ("before", "after")]
"""claim, reading the case, begin_attempt, outcome"""
KEY = "s1-case_system"


def _run_cut(world, commit, moment):
    """Run a worker that ends around its n-th commit. Did it?"""
    cut = world.CutStore(world.store, commit, moment)
    with pytest.raises(world.Crash):
        world.embedded(cut).drain()


@pytest.mark.parametrize("kind", ["keys", "query"])
@pytest.mark.parametrize(("commit", "moment"), COMMITS)
def test_cut_off_around_a_commit_it_is_delivered_once(world, kind, commit, moment):
    receiver = world.Receiver() if kind == "keys" else world.AskableReceiver()
    world.receivers["case_system"] = receiver
    world.submit("s1")
    _run_cut(world, commit, moment)
    world.restart()
    world.until_quiet(6)
    assert world.row().state is DeliveryState.DELIVERED
    assert receiver.effects == [KEY]


@pytest.mark.parametrize("kind", ["keys", "query"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_cut_off_around_the_effect_it_is_delivered_once(world, kind, moment):
    receiver = world.Receiver() if kind == "keys" else world.AskableReceiver()
    world.receivers["case_system"] = receiver
    receiver.cut = moment
    world.submit("s1")
    with pytest.raises(world.Crash):
        world.embedded().drain()
    world.restart()
    assert world.embedded().drain() == 0, "the lease must hold"
    world.until_quiet(6)
    assert world.row().state is DeliveryState.DELIVERED
    assert receiver.effects == [KEY]
    first = world.attempts()[0]
    assert (first.outcome, first.evidence) == (OutcomeKind.UNKNOWN, WORKER_STOPPED)


@pytest.mark.parametrize(
    ("moment", "effects"), [("before", []), ("after", [KEY])], ids=["before", "after"]
)
def test_where_only_a_person_can_tell_it_is_parked_and_never_repeated(world, moment, effects):
    receiver = world.receivers["case_system"]
    receiver.resolves_unknown = ResolvesUnknown.PERSON
    receiver.honours_keys = False
    receiver.cut = moment
    world.submit("s1")
    with pytest.raises(world.Crash):
        world.embedded().drain()
    world.restart()
    world.until_quiet(6)
    assert world.row().state is DeliveryState.PARKED
    assert "Look in the receiving system" in world.row().reason
    assert receiver.effects == effects


def test_a_receiver_that_lies_about_keys_is_doubled_and_seen(world):
    """The control: this test file can see a double delivery."""
    receiver = world.receivers["case_system"]
    receiver.honours_keys = False
    receiver.cut = "after"
    world.submit("s1")
    with pytest.raises(world.Crash):
        world.embedded().drain()
    world.restart()
    world.until_quiet(6)
    assert receiver.effects == [KEY, KEY]


@pytest.mark.parametrize(("commit", "moment"), COMMITS)
def test_cut_off_while_settling_and_asking_it_is_delivered_once(world, commit, moment):
    receiver = world.receivers["case_system"] = world.AskableReceiver()
    receiver.cut = "after"
    world.submit("s1")
    with pytest.raises(world.Crash):
        world.embedded().drain()
    world.restart()
    world.clock.forward(hours=1)
    cut = world.CutStore(world.store, commit, moment)

    def settle_then_ask():
        for _ in range(3):
            world.embedded(cut).drain()
            world.clock.forward(hours=1)

    with pytest.raises(world.Crash):
        settle_then_ask()
    world.restart()
    world.clock.forward(hours=1)
    world.until_quiet(6)
    assert world.row().state is DeliveryState.DELIVERED
    assert receiver.effects == [KEY]


def test_cut_off_again_and_again_nothing_is_lost(world):
    deliveries = [f"s{number}" for number in range(6)]
    for one in deliveries:
        world.submit(one, world.a_delivery(one), world.a_delivery(one, "mail", after="case_system"))
    for commit in range(1, 40):
        cut = world.CutStore(world.store, commit % 7 + 1, ("before", "after")[commit % 2])
        try:
            world.embedded(cut).drain()
        except world.Crash:
            world.restart()
        world.clock.forward(hours=1)
    world.until_quiet(3)
    for destination in ("case_system", "mail"):
        effects = world.receivers[destination].effects
        assert sorted(effects) == [f"{one}-{destination}" for one in deliveries]
    with world.store.transaction(world.code) as work:
        assert work.deliveries.count_by_state() == {"delivered": 12}


@pytest.fixture(params=["sending", "asking", "packing"])
def poison(request, world):
    """A delivery that ends every worker that is at it; how often it did."""
    ended = []

    def end(*_):
        ended.append(request.param)
        raise world.Crash

    if request.param == "packing":
        world.documents = end
    elif request.param == "asking":
        receiver = world.receivers["case_system"] = world.AskableReceiver()
        receiver.answers = [Outcome(OutcomeKind.UNKNOWN, "?")]
        receiver.query = end
    else:
        world.receivers["case_system"].send = end
    world.submit("s1")
    return ended


def _crash_on(world, times):
    for _ in range(times):
        try:
            world.embedded().drain()
        except world.Crash:
            world.restart()
        world.clock.forward(hours=2)


def test_what_ends_every_worker_is_parked_after_some(world, poison):
    _crash_on(world, 3 * MOST_STOPS)
    assert world.row().state is DeliveryState.PARKED
    assert world.row().reason.startswith(ENDS_WORKERS.format(times=MOST_STOPS))
    assert len(poison) == MOST_STOPS


def test_tried_anew_it_may_end_as_many_again(world, poison):
    _crash_on(world, 3 * MOST_STOPS)
    with world.store.transaction(world.code) as work:
        operating.retry(work, NothingPlanned(), KEY, "anna", even_if_it_may_have_arrived=True)
    _crash_on(world, 3 * MOST_STOPS)
    # Sent anew, what was asked about arrives without being asked about.
    is_asked = poison[0] == "asking"
    assert len(poison) == (MOST_STOPS if is_asked else 2 * MOST_STOPS)
    end = DeliveryState.DELIVERED if is_asked else DeliveryState.PARKED
    assert world.row().state is end


def test_workers_that_end_now_and_then_park_nothing(world):
    receiver = world.receivers["case_system"]
    for round_ in range(2 * MOST_STOPS):
        receiver.answers = [Outcome(OutcomeKind.TRANSIENT, "503")] * 2
        if round_ == 0:
            world.submit("s1")
        receiver.cut = "before" if round_ % 3 == 0 else ""
        _crash_on(world, 1)
    assert world.row().state is DeliveryState.WAITING
