"""What a person may do, on either database."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from selvbetjening_core.delivery import operating
from selvbetjening_core.delivery.operating import PUT_BACK, REBOUND
from selvbetjening_core.errors import OperatingRefused
from selvbetjening_core.journey.records import DeliveryState as S
from selvbetjening_core.journey.records import WaivedAs
from selvbetjening_core.values import Outcome, ResolvesUnknown
from selvbetjening_core.values import OutcomeKind as K

NAME = "s1-case_system"
COMPONENT = "case_system-component"
AMONG = (COMPONENT, "archive", "mail-component")


@dataclass
class Planned:
    """A queue that writes down what it is told."""

    ids: list = field(default_factory=list)

    def plan(self, work, delivery_id, due_at):
        assert work.deliveries.get(delivery_id).due_at <= due_at
        self.ids.append(delivery_id)


@pytest.fixture
def world(either):
    return either


@pytest.fixture
def queue():
    return Planned()


@pytest.fixture
def do(world, queue):
    """An operation in a transaction of its own; the code of a refusal."""

    def do(name, *arguments, **more):
        queued = () if name == "pause" else (queue,)
        try:
            with world.store.transaction(world.code) as work:
                getattr(operating, name)(work, *queued, *arguments, **more)
        except OperatingRefused as refused:
            return refused.reason
        return ""

    return do


@pytest.fixture
def audit(world):
    def audit(subject=NAME):
        with world.store.transaction(world.code) as work:
            return [(one.event, one.detail, one.actor) for one in work.audit.about(subject)]

    return audit


@pytest.fixture
def parked(world):
    """A parked delivery: refused, or of unknown end."""

    def parked(kind=K.PERMANENT):
        receiver = world.receivers["case_system"]
        receiver.resolves_unknown = ResolvesUnknown.PERSON
        receiver.answers = [Outcome(kind, "first", "ref-1")]
        world.submit("s1")
        world.embedded().drain()
        assert world.row().state is S.PARKED
        return receiver

    return parked


def test_what_is_parked_is_tried_again_and_the_log_says_who(world, do, queue, audit, parked):
    parked()
    assert do("retry", NAME, "anna") == ""
    assert (world.row().state, world.row().reason) == (S.WAITING, PUT_BACK)
    assert queue.ids == [NAME]
    assert audit() == [("delivery-retried", "", "anna")]
    world.embedded().drain()
    assert world.row().state is S.DELIVERED
    assert do("retry", NAME, "anna") == "wrong-state"
    assert len(audit()) == 1


def test_tried_anew_it_has_the_whole_time_before_it(world, do, parked):
    receiver = parked()
    world.clock.forward(days=30)
    receiver.answers = [Outcome(K.TRANSIENT, "503")] * 8
    assert do("retry", NAME, "anna") == ""
    world.embedded().drain()
    world.until_quiet(6)
    assert world.row().state is S.WAITING
    world.until_quiet(4)
    assert world.row().state is S.DELIVERED


def test_what_may_have_arrived_is_not_sent_again_unless_somebody_looked(world, do, audit, parked):
    receiver = parked(K.UNKNOWN)
    assert do("retry", NAME, "anna") == "may-have-arrived"
    assert do("rebind", NAME, "archive", "anna", among=AMONG) == "may-have-arrived"
    assert (world.row().state, audit()) == (S.PARKED, [])
    assert do("retry", NAME, "anna", even_if_it_may_have_arrived=True) == ""
    world.embedded().drain()
    assert receiver.effects == [NAME]


def test_what_was_taken_and_never_confirmed_is_not_sent_again_unless_somebody_looked(world, do):
    receiver = world.receivers["case_system"]
    receiver.resolves_unknown = ResolvesUnknown.INBOX
    receiver.honours_keys = False
    receiver.answers = [Outcome(K.ACCEPTED_PENDING, "202", "ref-1")]
    world.submit("s1")
    world.until_quiet(9, hours=24)
    assert world.row().state is S.PARKED
    assert do("retry", NAME, "anna") == "may-have-arrived"
    assert do("rebind", NAME, "archive", "anna", among=AMONG) == "may-have-arrived"
    world.embedded().drain()
    assert len(receiver.parcels) == 1
    assert do("retry", NAME, "anna", even_if_it_may_have_arrived=True) == ""


def test_it_goes_to_another_component_with_the_same_key(world, do, queue, audit, parked):
    parked()
    assert do("rebind", NAME, "archive", "anna", among=AMONG) == ""
    row = world.row()
    assert (row.component, row.key, row.state) == ("archive", NAME, S.WAITING)
    assert row.remote_reference == ""
    assert row.reason == REBOUND.format(component="archive", before=COMPONENT)
    assert [one.evidence for one in world.attempts()] == ["first"]
    assert audit() == [("delivery-rebound", f"{COMPONENT} -> archive", "anna")]
    assert queue.ids == [NAME]
    world.embedded().drain()
    assert [one.number for one in world.attempts()] == [1, 2]


@pytest.mark.parametrize(
    ("component", "code"), [("archiv", "no-receiver"), (COMPONENT, "same-receiver")]
)
def test_it_goes_nowhere_else(world, do, parked, component, code):
    parked()
    assert do("rebind", NAME, component, "anna", among=AMONG) == code
    assert world.row().component == COMPONENT


def test_what_waits_goes_elsewhere_only_if_it_cannot_have_arrived(world, do):
    """Its own receiver would recognise the repeat; another would not."""
    world.receivers["case_system"].answers = [TimeoutError()]
    world.submit("s1")
    world.embedded().drain()
    assert world.row().state is S.WAITING
    assert do("rebind", NAME, "archive", "anna", among=AMONG) == "may-have-arrived"
    assert do("retry", NAME, "anna") == ""


@pytest.mark.parametrize("as_", [WaivedAs.BY_HAND, WaivedAs.NOT_CARRIED_OUT])
def test_given_up_it_says_why_and_as_what_and_the_next_one_goes(world, do, queue, audit, as_):
    world.receivers["case_system"].answers = [Outcome(K.PERMANENT, "422")]
    world.submit("s1", world.a_delivery("s1"), world.a_delivery("s1", "mail", after="case_system"))
    world.embedded().drain()
    assert do("waive", NAME, "anna", " carried out\nby letter ", as_) == ""
    row = world.row()
    assert (row.state, row.waived_as, row.reason) == (S.WAIVED, as_, "carried out by letter")
    assert audit() == [("delivery-waived", f"{as_}: carried out by letter", "anna")]
    assert queue.ids == ["s1-mail"]
    world.embedded().drain()
    assert world.row("s1-mail").state is S.DELIVERED
    assert do("waive", NAME, "anna", "again", as_) == "wrong-state"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "no-reason"),
        (" \n", "no-reason"),
        ("x" * 501, "reason-too-long"),
        ("agreed with 251248-4916", "reason-has-number"),
        ("agreed with 2512484916.", "reason-has-number"),
        ("see case 12345678901234", ""),
    ],
)
def test_a_reason_is_one_and_holds_no_number(world, do, audit, parked, reason, code):
    parked()
    assert do("waive", NAME, "anna", reason, WaivedAs.BY_HAND) == code
    assert do("pause", COMPONENT, "anna", reason) == code
    assert len(audit()) == (0 if code else 1)
    if code:
        assert world.row().state is S.PARKED


def test_what_is_given_up_says_as_what(do, parked):
    parked()
    assert do("waive", NAME, "anna", "why", WaivedAs.NONE) == "not-said-how"


def test_what_nobody_has_heard_of(do):
    for name, more in (("retry", ()), ("waive", ("why", WaivedAs.BY_HAND))):
        assert do(name, "s9", "anna", *more) == "no-delivery"


def test_paused_nothing_is_attempted_and_resumed_it_goes_on(world, do, queue, audit):
    world.submit("s1", world.a_delivery("s1"), world.a_delivery("s1", "mail"))
    assert do("pause", COMPONENT, "anna", "they move house") == ""
    assert do("pause", COMPONENT, "bo", "other") == "paused-already"
    world.until_quiet(3, hours=24 * 5)
    assert (world.row().state, world.row().attempts) == (S.WAITING, 0)
    assert world.row("s1-mail").state is S.DELIVERED
    assert do("resume", COMPONENT, "bo") == ""
    assert do("resume", COMPONENT, "bo") == "not-paused"
    assert queue.ids == [NAME]
    assert audit(COMPONENT) == [
        ("receiver-paused", "they move house", "anna"),
        ("receiver-resumed", "", "bo"),
    ]
    world.embedded().drain()
    assert world.row().state is S.DELIVERED


def test_a_pause_of_weeks_gives_nothing_up(world, do):
    receiver = world.receivers["case_system"]
    receiver.answers = [Outcome(K.TRANSIENT, "503")] * 9
    world.submit("s1")
    for _ in range(4):
        world.embedded().drain()
        world.clock.forward(minutes=1)
    assert do("pause", COMPONENT, "anna", "they move house") == ""
    world.clock.forward(days=30)
    assert do("resume", COMPONENT, "anna") == ""
    world.embedded().drain()
    assert (world.row().state, world.row().attempts) == (S.WAITING, 5)


def test_a_worker_that_has_just_claimed_it_keeps_it(world, do, audit, parked):
    """They meet on one row: whoever is second finds it as the first left it."""
    parked()
    assert do("retry", NAME, "anna") == ""
    held = world.worker().take(world.code)
    assert held.delivery.id == NAME
    for name, more in (("retry", ()), ("waive", ("why", WaivedAs.BY_HAND))):
        assert do(name, NAME, "bo", *more) == "wrong-state"
    assert do("rebind", NAME, "archive", "bo", among=AMONG) == "wrong-state"
    assert world.row() == held.delivery
    assert len(audit()) == 1


def test_two_people_who_do_the_same_at_once(do, audit, parked):
    parked()
    together, said = threading.Barrier(2), []

    def give_up(by):
        together.wait(5)
        said.append(do("waive", NAME, by, "why", WaivedAs.BY_HAND))

    people = [threading.Thread(target=give_up, args=(by,)) for by in ("anna", "bo")]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert sorted(said) == ["", "wrong-state"]
    assert len(audit()) == 1
