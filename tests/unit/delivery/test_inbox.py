"""Late receipts: whatever order they come in, the ledger tells the truth once."""

from __future__ import annotations

import datetime
import itertools
import logging
import threading
from dataclasses import dataclass, replace

import pytest
from zope.interface import implementer

from selvbetjening_core.delivery import operating
from selvbetjening_core.delivery.conclusion import NothingPlanned
from selvbetjening_core.delivery.inbox import own_keys
from selvbetjening_core.delivery.rules import RECEIPT_AWAITED
from selvbetjening_core.errors import PluginFailed, TimedOut, TooBusy
from selvbetjening_core.interfaces import IMessages
from selvbetjening_core.journey.records import DeliveryState as S
from selvbetjening_core.journey.records import WaivedAs
from selvbetjening_core.values import (
    CaseEventKind,
    LateReceipt,
    Outcome,
    Reply,
    ResolvesUnknown,
)
from selvbetjening_core.values import (
    OutcomeKind as K,
)

KEY = "s1-case_system"
COMPONENT = "case_system-component"
WEEK = datetime.timedelta(days=7)


@pytest.fixture
def told(world):
    """What was announced, and a worker that announces it."""

    class Told(list):
        worker = None

    told = Told()
    told.worker = world.worker(announce=told.append)
    return told


@pytest.fixture
def tell(world, told):
    """A message to the component, with late receipts."""

    def tell(*kinds, key=KEY, component=COMPONENT, municipality=world.code, keys=()):
        receipts = tuple(
            LateReceipt(key, Outcome(kind, f"later: {kind}", f"remote-{kind}")) for kind in kinds
        )
        return told.worker.inbox.take(municipality, component, Reply(receipts=receipts, keys=keys))

    return tell


@pytest.fixture
def sent(world, told):
    """The delivery, after an attempt with this outcome."""

    def sent(kind, resolves=ResolvesUnknown.INBOX):
        @implementer(IMessages)
        @dataclass
        class Teller(world.AskableReceiver):
            def notice(self, message): ...

        receiver = Teller(resolves_unknown=resolves, answers=[Outcome(kind, "first")])
        world.receivers["case_system"] = receiver
        world.submit("s1")
        assert told.worker.work_one(world.code)
        return receiver

    return sent


def audit(world):
    with world.engine.begin() as connection:
        rows = connection.exec_driver_sql("SELECT event, subject, detail FROM audit")
        return [tuple(row) for row in rows]


@pytest.mark.parametrize("first", [K.UNKNOWN, K.ACCEPTED_PENDING])
def test_a_receipt_ends_the_waiting(world, told, sent, tell, first):
    receiver = sent(first)
    waiting = world.row()
    assert waiting.state == first
    assert waiting.due_at == world.clock() + WEEK
    assert told == []
    assert tell(K.DELIVERED)
    row = world.row()
    assert (row.state, row.remote_reference, row.reason) == (S.DELIVERED, "remote-delivered", "")
    assert len(receiver.parcels) == 1
    last = world.attempts()[-1]
    assert (last.number, last.outcome, last.evidence) == (2, K.DELIVERED, "later: delivered")
    assert (last.plugin, last.started_at) == ("folder", last.ended_at)
    (event,) = told
    assert (event.kind, event.solution) == (CaseEventKind.DELIVERED, "sundhedskort")
    assert (event.submission_id, event.destination) == ("s1", "case_system")


@pytest.mark.usefixtures("sent")
def test_an_unknown_says_that_a_receipt_is_awaited(world, sent):
    sent(K.UNKNOWN)
    assert world.row().reason == RECEIPT_AWAITED


@pytest.mark.parametrize("first", [K.UNKNOWN, K.ACCEPTED_PENDING])
def test_a_refusal_parks_it(world, told, sent, tell, first, caplog):
    sent(first)
    assert tell(K.PERMANENT)
    assert world.row().state is S.PARKED
    assert [event.kind for event in told] == [CaseEventKind.PARKED]
    assert caplog.records[-1].levelno == logging.ERROR


def test_an_unknown_that_was_accepted_waits_on(world, sent, tell):
    sent(K.UNKNOWN)
    world.clock.forward(days=6)
    tell(K.ACCEPTED_PENDING)
    assert world.row().state is S.ACCEPTED_PENDING
    assert world.row().due_at == world.clock() + WEEK


def test_what_never_arrived_is_sent_again(world, sent, tell):
    receiver = sent(K.ACCEPTED_PENDING)
    tell(K.TRANSIENT)
    assert world.row().state is S.WAITING
    world.until_quiet(2)
    assert len(receiver.parcels) == 2
    assert world.row().state is S.DELIVERED


@pytest.mark.parametrize("order", list(itertools.permutations(list(K))))
def test_in_whatever_order_they_come_delivered_stays_delivered(world, sent, tell, order):
    sent(K.ACCEPTED_PENDING)
    for kind in order:
        tell(kind)
        tell(kind)
    row = world.row()
    assert row.state is S.DELIVERED
    assert row.remote_reference == "remote-delivered"
    after = order[order.index(K.DELIVERED) + 1 :]
    noted = [kind for kind in after if kind in (K.PERMANENT, K.TRANSIENT) for _ in range(2)]
    found = [detail for event, _, detail in audit(world) if event == "receipt-contradicts"]
    assert sorted(found) == sorted(noted)


def test_a_repeat_writes_nothing(world, told, sent, tell):
    sent(K.UNKNOWN)
    tell(K.DELIVERED)
    before = (world.row(), world.attempts(), audit(world))
    world.clock.forward(hours=1)
    assert not tell(K.DELIVERED, K.DELIVERED, K.ACCEPTED_PENDING, K.UNKNOWN)
    assert (world.row(), world.attempts(), audit(world)) == before
    assert len(told) == 1


def test_a_receipt_before_anything_was_sent_changes_nothing(world, told, tell):
    world.submit("s1")
    assert not tell(K.DELIVERED)
    assert world.row().state is S.WAITING
    assert told == []


def test_a_receipt_while_it_is_being_sent(world, told, tell, caplog):
    class Quick(world.Receiver):
        def send(self, parcel):
            assert tell(K.DELIVERED)
            return Outcome(K.UNKNOWN, "no answer")

    world.receivers["case_system"] = Quick(resolves_unknown=ResolvesUnknown.PERSON)
    world.submit("s1")
    told.worker.work_one(world.code)
    assert world.row().state is S.DELIVERED
    assert [attempt.outcome for attempt in world.attempts()] == [K.UNKNOWN, K.DELIVERED]
    assert "ended after its lease" in caplog.text
    assert len(told) == 1


def test_what_is_parked_because_nobody_knew_is_known_now(world, sent, tell):
    sent(K.UNKNOWN, ResolvesUnknown.PERSON)
    assert world.row().state is S.PARKED
    assert not tell(K.PERMANENT, K.TRANSIENT, K.ACCEPTED_PENDING)
    assert tell(K.DELIVERED)
    assert world.row().state is S.DELIVERED


@pytest.mark.parametrize(
    "other",
    [
        {"component": "other-component"},
        {"municipality": "0751"},
        {"key": "no-such-key"},
        {"key": ""},
        {"key": "k" * 201},
        {"key": "s1-case_system\udcff"},
        {"key": "s1-case_systém"},
    ],
)
def test_a_key_that_is_not_the_components_own_changes_nothing(world, told, sent, tell, other):
    sent(K.UNKNOWN)
    before = world.row()
    assert not tell(K.DELIVERED, K.PERMANENT, **other)
    assert world.row() == before
    assert told == []
    assert audit(world) == [("unknown-keys", other.get("component", COMPONENT), "2")]


def test_long_evidence_is_cut(world, sent, told):
    sent(K.UNKNOWN)
    receipt = LateReceipt(KEY, Outcome(K.DELIVERED, "x" * 5000))
    told.worker.inbox.take(world.code, COMPONENT, Reply(receipts=(receipt,)))
    assert len(world.attempts()[-1].evidence) == 2000


@pytest.mark.parametrize("first", [K.UNKNOWN, K.ACCEPTED_PENDING])
def test_without_a_receipt_it_is_parked_in_the_end(world, told, sent, first):
    receiver = sent(first)
    world.clock.forward(days=6)
    assert not told.worker.work_one(world.code)
    world.clock.forward(days=1)
    assert told.worker.work_one(world.code)
    row = world.row()
    assert row.state is S.PARKED
    assert "2026-03-01 12:00 UTC" in row.reason
    assert len(receiver.parcels) == 1
    assert receiver.asked == []
    assert len(world.attempts()) == 1
    assert [event.kind for event in told] == [CaseEventKind.PARKED]


def test_a_crash_while_sending_waits_for_the_receipt_too(world, tell):
    world.submit("s1")

    @implementer(IMessages)
    class Teller(world.Receiver):
        def notice(self, message): ...

    receiver = Teller(resolves_unknown=ResolvesUnknown.INBOX, cut="after")
    world.receivers["case_system"] = receiver
    with pytest.raises(world.Crash):
        world.worker().work_one(world.code)
    world.clock.forward(minutes=1)
    world.worker().work_one(world.code)
    assert world.row().state is S.UNKNOWN
    tell(K.DELIVERED)
    assert world.row().state is S.DELIVERED
    assert receiver.effects == [KEY]


def test_a_component_that_cannot_be_told_leaves_it_to_a_person(world):
    world.receivers["case_system"] = world.Receiver(
        resolves_unknown=ResolvesUnknown.INBOX, answers=[Outcome(K.UNKNOWN, "?")]
    )
    world.submit("s1")
    world.worker().work_one(world.code)
    assert world.row().state is S.PARKED


def test_a_message_that_names_a_key_makes_us_ask(world, told, sent, tell):
    receiver = sent(K.ACCEPTED_PENDING, ResolvesUnknown.QUERY)
    receiver.effects.append(KEY)
    with world.store.transaction(world.code) as work:
        work.deliveries.move(KEY, S.ACCEPTED_PENDING, world.clock(), due_at=world.clock() + WEEK)
    assert tell(keys=(KEY,))
    assert told.worker.work_one(world.code)
    assert [asked.key for asked in receiver.asked] == [KEY]
    assert world.row().state is S.DELIVERED
    assert not tell(keys=(KEY, "unknown"))
    assert audit(world) == [("unknown-keys", COMPONENT, "1")]


def test_one_that_cannot_be_asked_is_not(world, sent, tell):
    sent(K.ACCEPTED_PENDING, ResolvesUnknown.INBOX)
    before = world.row()
    assert not tell(keys=(KEY,))
    assert world.row() == before


def test_a_question_without_an_answer_does_not_take_acceptance_back(world, told, sent):
    receiver = sent(K.ACCEPTED_PENDING, ResolvesUnknown.QUERY)
    receiver.query_answers = [TimedOut("late"), Outcome(K.UNKNOWN, "?"), TooBusy("busy")]
    for _ in range(3):
        world.clock.forward(hours=2)
        assert told.worker.work_one(world.code)
        assert world.row().state is S.ACCEPTED_PENDING
    assert len(receiver.parcels) == 1


def test_a_worker_that_died_while_it_asked(world, told, sent):
    receiver = sent(K.ACCEPTED_PENDING, ResolvesUnknown.QUERY)
    receiver.query_answers = [world.Crash()]
    world.clock.forward(hours=2)
    with pytest.raises(world.Crash):
        told.worker.work_one(world.code)
    world.clock.forward(minutes=1)
    told.worker.work_one(world.code)
    assert world.row().state is S.ACCEPTED_PENDING
    assert [attempt.outcome for attempt in world.attempts()] == [K.ACCEPTED_PENDING, K.UNKNOWN]


@pytest.mark.parametrize(
    ("error", "state", "evidence"),
    [
        (TooBusy("8 calls"), S.WAITING, "not sent: too many calls"),
        (TimedOut("plugin 'acme': send() gave no answer"), S.PARKED, "send() gave no answer"),
        (PluginFailed("plugin 'acme': send() raised KeyError"), S.PARKED, "raised KeyError"),
        (ValueError("2512484916"), S.PARKED, "ValueError in the plugin"),
    ],
)
def test_what_the_gateway_says_of_a_delivery(world, error, state, evidence):
    receiver = world.Receiver(resolves_unknown=ResolvesUnknown.PERSON, answers=[error])
    world.receivers["case_system"] = receiver
    world.submit("s1")
    world.worker().work_one(world.code)
    assert world.row().state is state
    assert evidence in world.attempts()[0].evidence
    assert "2512484916" not in world.attempts()[0].evidence


def test_deliveries_are_announced_after_the_commit(world):
    seen = []

    def announce(event):
        # A store that can be used: nothing is held while somebody is told.
        seen.append((event.kind, event.destination, world.row(f"s1-{event.destination}").state))
        raise RuntimeError("a listener that fails")

    world.receivers["mail"].answers = [Outcome(K.PERMANENT, "no")]
    world.submit("s1", world.a_delivery("s1"), world.a_delivery("s1", "mail"))
    world.embedded(announce=announce).drain()
    assert sorted(seen) == [
        (CaseEventKind.DELIVERED, "case_system", S.DELIVERED),
        (CaseEventKind.PARKED, "mail", S.PARKED),
    ]


def test_a_receipt_lets_the_next_destination_go(world, sent):
    sent(K.UNKNOWN)
    after = replace(world.a_delivery("s1", "mail"), after="case_system", position=1)
    with world.store.transaction(world.code) as work:
        work.deliveries.add(after)
    engine = world.embedded()
    engine.drain()
    assert world.row("s1-mail").state is S.WAITING
    engine.take(
        world.code, COMPONENT, Reply(receipts=(LateReceipt(KEY, Outcome(K.DELIVERED, "")),))
    )
    engine.drain()
    assert world.row("s1-mail").state is S.DELIVERED


def test_own_keys():
    assert own_keys(("a", "b", "a", "", "æ", "x" * 201)) == ["a", "b"]


@pytest.mark.parametrize(("kind", "lines"), [(K.DELIVERED, ["delivered"]), (K.PERMANENT, [])])
def test_that_it_arrived_after_it_was_given_up_is_found_in_the_log(world, sent, tell, kind, lines):
    sent(K.ACCEPTED_PENDING)
    with world.store.transaction(world.code) as work:
        as_ = WaivedAs.NOT_CARRIED_OUT
        operating.waive(work, NothingPlanned(), KEY, "anna", "Called the citizen", as_)
    assert tell(kind) is False
    assert world.row().state is S.WAIVED
    assert [detail for event, _, detail in audit(world) if event == "receipt-contradicts"] == lines


def test_a_receipt_waits_for_who_is_at_the_row(either):
    receiver = either.receivers["case_system"]
    receiver.answers = [Outcome(K.ACCEPTED_PENDING, "202")]
    receiver.resolves_unknown = ResolvesUnknown.INBOX
    either.submit("s1")
    worker = either.worker()
    assert worker.work_one(either.code)
    refused = Reply(receipts=(LateReceipt(KEY, Outcome(K.PERMANENT, "later", "")),))
    take = threading.Thread(target=worker.inbox.take, args=(either.code, COMPONENT, refused))
    with either.store.transaction(either.code) as work:
        work.deliveries.lock(KEY)
        take.start()
        take.join(0.5)
        assert take.is_alive()
        work.deliveries.move(KEY, S.DELIVERED, work.now())
    take.join(10)
    assert either.row().state is S.DELIVERED
