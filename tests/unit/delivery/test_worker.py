from __future__ import annotations

import datetime
import logging

import pytest
import sqlalchemy as sa

from selvbetjening_core.delivery.rules import NO_DOCUMENTS, NOBODY_KNOWS, REFUSED
from selvbetjening_core.delivery.stops import WORKER_STOPPED
from selvbetjening_core.delivery.worker import ENDED_LATE, NOT_FOUND
from selvbetjening_core.errors import ComponentMissing
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.store.tables import submission
from selvbetjening_core.values import Outcome, OutcomeKind, ResolvesUnknown, Verdict

K = OutcomeKind
SECRET = "2512484916"


def test_a_parcel_holds_the_case_the_documents_and_the_stored_key(world):
    world.submit("s1")
    assert world.embedded().drain() == 1
    (parcel,) = world.receivers["case_system"].parcels
    assert parcel.case == world.a_case("s1")
    assert parcel.documents == world.documents(parcel.case)
    assert (parcel.key, parcel.destination, parcel.attempt) == (
        "s1-case_system",
        "case_system",
        1,
    )
    assert parcel.deadline == world.clock.now + world.limits.attempt


def test_a_delivered_row_keeps_the_receivers_reference_and_the_evidence(world):
    world.submit("s1")
    world.embedded().drain()
    row, (attempt,) = world.row(), world.attempts()
    assert (row.state, row.remote_reference, row.attempts) == (
        DeliveryState.DELIVERED,
        "case-1",
        1,
    )
    assert row.lease_until is None
    assert (attempt.plugin, attempt.plugin_version) == ("folder", "1.0")
    assert (attempt.outcome, attempt.evidence) == (K.DELIVERED, "200 taken")
    assert attempt.ended_at is not None


def test_the_attempt_is_stored_before_the_plugin_is_called(world):
    world.submit("s1")
    seen = []
    receiver = world.receivers["case_system"]
    send = receiver.send
    receiver.send = lambda parcel: seen.append(world.attempts()) or send(parcel)
    world.embedded().drain()
    (attempts,) = seen
    assert [(one.number, one.ended_at) for one in attempts] == [(1, None)]


def test_no_transaction_is_open_while_the_plugin_works(world):
    world.submit("s1")
    world.receivers["case_system"].send = lambda _parcel: (
        world.submit("s2", world.a_delivery("s2", due_at=world.clock.now.replace(hour=23)))
        or Outcome(K.DELIVERED, "ok")
    )
    world.embedded().drain()
    assert world.row("s2-case_system") is not None


def test_a_transient_outcome_is_tried_again_later_and_not_before(world):
    world.receivers["case_system"].answers = [Outcome(K.TRANSIENT, "503")] * 2
    world.submit("s1")
    assert world.embedded().drain() == 1
    assert world.row().state is DeliveryState.WAITING
    world.clock.forward(seconds=4)
    assert world.embedded().drain() == 0
    world.clock.forward(seconds=1)
    assert world.embedded().drain() == 1
    world.clock.forward(seconds=10)
    assert world.embedded().drain() == 1
    assert world.row().state is DeliveryState.DELIVERED
    assert [one.outcome for one in world.attempts()] == [K.TRANSIENT, K.TRANSIENT, K.DELIVERED]
    assert {one.key for one in world.receivers["case_system"].parcels} == {"s1-case_system"}


def _errors(caplog):
    return [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]


def _missing(_municipality, _delivery):
    raise ComponentMissing(SECRET)


@pytest.mark.parametrize("hours", [1, 24, 6 * 24])
def test_an_outage_of_less_than_a_week_parks_nothing(world, caplog, hours):
    back = world.clock.now + datetime.timedelta(hours=hours)
    receiver = world.receivers["case_system"]
    send = receiver.send
    receiver.send = lambda parcel: (
        Outcome(K.TRANSIENT, "503") if world.clock.now < back else send(parcel)
    )
    world.submit("s1")
    while world.clock.now < back + datetime.timedelta(hours=1):
        world.embedded(jitter=lambda: 0.0).drain()
        world.clock.forward(minutes=5)
    assert world.row().state is DeliveryState.DELIVERED
    assert receiver.effects == ["s1-case_system"]
    assert _errors(caplog) == []


def test_after_a_week_it_is_parked_and_told(world, caplog):
    world.receivers["case_system"].answers = [Outcome(K.TRANSIENT, f"503 {SECRET}")] * 999
    world.submit("s1")
    world.until_quiet(14, hours=12)
    assert world.row().state is DeliveryState.WAITING
    assert _errors(caplog) == []
    world.until_quiet(2, hours=12)
    row = world.row()
    assert row.state is DeliveryState.PARKED
    assert f"{row.attempts} attempts since 2026-03-01 12:00 UTC" in row.reason
    assert len(world.attempts()) == row.attempts
    (message,) = _errors(caplog)
    for named in (world.code, "s1-case_system", "'case_system'", "'case_system-component'"):
        assert named in message
    assert SECRET not in caplog.text
    assert world.person.name not in caplog.text


def test_the_week_begins_with_the_first_attempt(world):
    """What had to wait for another is not given up at its first mishap."""
    world.receivers["mail"].answers = [Outcome(K.TRANSIENT, "451 later")]
    world.submit("s1", world.a_delivery("s1"), world.a_delivery("s1", "mail", after="case_system"))
    world.receivers["case_system"].answers = [Outcome(K.ACCEPTED_PENDING, "202")]
    world.embedded().drain()
    world.clock.forward(days=8)
    with world.store.transaction(world.code) as work:
        work.deliveries.move("s1-case_system", DeliveryState.DELIVERED, world.clock.now)
    world.embedded().drain()
    assert (world.row("s1-mail").state, world.row("s1-mail").attempts) == (DeliveryState.WAITING, 1)
    world.until_quiet(2)
    assert world.row("s1-mail").state is DeliveryState.DELIVERED


def test_a_refusal_is_parked_at_once(world, caplog):
    world.receivers["case_system"].answers = [Outcome(K.PERMANENT, "422 wrong")]
    world.submit("s1")
    world.until_quiet(3)
    assert (world.row().state, world.row().reason) == (DeliveryState.PARKED, REFUSED)
    assert len(_errors(caplog)) == 1
    assert "422" not in caplog.text
    assert [one.evidence for one in world.attempts()] == ["422 wrong"]


def test_pending_rests_and_what_comes_after_waits(world):
    world.receivers["case_system"].answers = [Outcome(K.ACCEPTED_PENDING, "202")]
    world.submit("s1", world.a_delivery("s1"), world.a_delivery("s1", "mail", after="case_system"))
    world.until_quiet(3)
    assert world.row().state is DeliveryState.ACCEPTED_PENDING
    assert world.row("s1-mail").state is DeliveryState.WAITING
    assert world.receivers["mail"].parcels == []


def test_what_comes_after_is_sent_when_the_first_has_been_delivered(world):
    world.receivers["case_system"].answers = [Outcome(K.TRANSIENT, "503")]
    world.submit("s1", world.a_delivery("s1", "mail", after="case_system"), world.a_delivery("s1"))
    world.embedded().drain()
    assert world.receivers["mail"].parcels == []
    world.clock.forward(seconds=5)
    assert world.embedded().drain() == 2
    assert world.row("s1-mail").state is DeliveryState.DELIVERED


def test_a_parcel_that_is_not_accepted_is_not_sent(world):
    world.receivers["case_system"].verdict = Verdict(ok=False, reasons=("too big", "no PDF"))
    world.submit("s1")
    world.embedded().drain()
    assert world.row().state is DeliveryState.PARKED
    assert [one.evidence for one in world.attempts()] == ["not sent: too big; no PDF"]
    assert world.receivers["case_system"].parcels == []


@pytest.mark.parametrize("verdict", [RuntimeError(SECRET), None])
def test_a_plugin_that_fails_before_it_sends_is_tried_again(world, verdict):
    world.receivers["case_system"].verdict = verdict
    world.submit("s1")
    world.embedded().drain()
    assert world.row().state is DeliveryState.WAITING
    assert world.attempts()[0].outcome is K.TRANSIENT


@pytest.mark.parametrize("failure", [RuntimeError(SECRET), SystemExit(SECRET), None, "delivered"])
@pytest.mark.parametrize(
    ("resolves", "state"),
    [
        (ResolvesUnknown.SAFE_REPEAT, DeliveryState.WAITING),
        (ResolvesUnknown.PERSON, DeliveryState.PARKED),
        # Says it can be asked, and cannot.
        (ResolvesUnknown.QUERY, DeliveryState.PARKED),
        ("misspelt", DeliveryState.PARKED),
    ],
)
def test_a_plugin_that_fails_leaves_an_unknown(world, caplog, failure, resolves, state):
    receiver = world.receivers["case_system"]
    receiver.resolves_unknown = resolves
    receiver.answers = [failure]
    world.submit("s1")
    with caplog.at_level(logging.DEBUG):
        world.embedded().drain()
    (attempt,) = world.attempts()
    assert attempt.outcome is K.UNKNOWN
    assert world.row().state is state
    assert SECRET not in attempt.evidence + world.row().reason + caplog.text
    if isinstance(failure, BaseException):
        assert type(failure).__name__ in attempt.evidence
        assert type(failure).__name__ in caplog.text


def test_a_receiver_that_can_be_asked_is_asked_before_anything_is_repeated(world):
    receiver = world.receivers["case_system"] = world.AskableReceiver()
    receiver.answers = [Outcome(K.UNKNOWN, "time-out", "ref-1")]
    receiver.query_answers = [RuntimeError(SECRET), Outcome(K.UNKNOWN, "busy")]
    world.submit("s1")
    world.embedded().drain()
    assert world.row().state is DeliveryState.UNKNOWN
    world.until_quiet(6)
    assert world.row().state is DeliveryState.DELIVERED
    assert [(one.key, one.remote_reference) for one in receiver.asked] == [
        ("s1-case_system", "ref-1")
    ] * 3
    assert receiver.effects == ["s1-case_system"]
    assert [(one.outcome, one.evidence) for one in world.attempts()] == [
        (K.UNKNOWN, "time-out"),
        (K.UNKNOWN, "RuntimeError in the plugin"),
        (K.UNKNOWN, "busy"),
        (K.TRANSIENT, "never arrived"),
        (K.DELIVERED, "200 taken"),
    ]


def test_a_receiver_that_never_answers_is_not_asked_for_ever(world):
    receiver = world.receivers["case_system"] = world.AskableReceiver()
    receiver.answers = [TimeoutError()]
    receiver.query_answers = [Outcome(K.UNKNOWN, "busy")] * 999
    world.submit("s1")
    world.until_quiet(14, hours=12)
    assert world.row().state is DeliveryState.UNKNOWN
    world.until_quiet(2, hours=12)
    assert world.row().state is DeliveryState.PARKED
    assert NOBODY_KNOWS in world.row().reason
    assert len(receiver.parcels) == 1


def test_a_missing_component_is_waited_for_however_long_and_is_no_attempt(world, caplog):
    world.submit("s1")
    engine = world.embedded(destination=_missing)
    for _ in range(20):
        assert engine.drain() == 1
        world.clock.forward(minutes=9)
        assert engine.drain() == 0
        world.clock.forward(hours=12)
    row = world.row()
    assert (row.state, row.attempts) == (DeliveryState.WAITING, 0)
    assert row.reason == 'no component called "case_system-component"'
    assert world.attempts() == []
    (warning,) = caplog.records
    assert warning.levelno == logging.WARNING
    assert "s1-case_system" in warning.getMessage()
    assert SECRET not in caplog.text + row.reason
    # Back again: and its first mishap does not park it, though it is ten days old.
    world.receivers["case_system"].answers = [Outcome(K.TRANSIENT, "503")]
    world.embedded().drain()
    assert (world.row().state, world.row().attempts) == (DeliveryState.WAITING, 1)
    world.until_quiet(2)
    assert world.row().state is DeliveryState.DELIVERED


def test_each_row_whose_component_is_missing_is_warned_of_once(world, caplog):
    world.submit("s1")
    world.submit("s2")
    engine = world.embedded(destination=_missing)
    for _ in range(3):
        assert engine.drain() == 2
        world.clock.forward(hours=1)
    assert [one.levelno for one in caplog.records] == [logging.WARNING] * 2


def test_missing_for_the_documents_is_no_attempt_either(world):
    def missing(_case):
        raise ComponentMissing(SECRET)

    world.submit("s1")
    world.embedded(documents=missing).drain()
    assert (world.row().state, world.row().reason) == (DeliveryState.WAITING, NO_DOCUMENTS)
    assert world.attempts() == []
    world.until_quiet(2)
    assert world.row().state is DeliveryState.DELIVERED


def test_an_unknown_whose_component_is_missing_stays_unknown_until_it_is_back(world):
    receiver = world.receivers["case_system"] = world.AskableReceiver()
    receiver.answers = [Outcome(K.UNKNOWN, "time-out")]
    world.submit("s1")
    world.embedded().drain()
    for _ in range(20):
        world.clock.forward(hours=12)
        assert world.embedded(destination=_missing).drain() == 1
    assert world.row().state is DeliveryState.UNKNOWN
    assert [one.evidence for one in world.attempts()] == ["time-out"]
    assert len(receiver.parcels) == 1
    receiver.effects.append("s1-case_system")
    world.until_quiet(3)
    assert world.row().state is DeliveryState.DELIVERED
    assert len(receiver.parcels) == 1


def test_an_abandoned_attempt_whose_component_is_missing_is_not_repeated(world):
    receiver = world.receivers["case_system"]
    receiver.resolves_unknown = ResolvesUnknown.PERSON
    receiver.cut = "after"
    world.submit("s1")
    with pytest.raises(world.Crash):
        world.embedded().drain()
    world.clock.forward(hours=1)
    world.embedded(destination=_missing).drain()
    assert world.row().state is DeliveryState.UNKNOWN
    assert [(one.outcome, one.evidence) for one in world.attempts()] == [
        (K.UNKNOWN, WORKER_STOPPED)
    ]
    world.until_quiet(3)
    assert world.row().state is DeliveryState.PARKED
    assert len(receiver.parcels) == 1


def test_a_look_up_that_fails_otherwise_is_an_attempt(world, caplog):
    """The control: only a component that does not exist is waited for without end."""

    def fail(_municipality, _delivery):
        raise RuntimeError(SECRET)

    world.submit("s1")
    world.embedded(destination=fail).drain()
    assert [one.evidence for one in world.attempts()] == [NOT_FOUND]
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_one_that_cannot_be_packed_does_not_stop_the_others(world, caplog):
    world.submit("s1")
    world.submit("s2")
    with world.engine.begin() as connection:
        connection.execute(
            sa.update(submission).where(submission.c.id == "s1").values(rest="v1.k1.AAAA")
        )
    world.embedded().drain()
    assert world.row("s1-case_system").state is DeliveryState.WAITING
    assert "Unreadable" in world.attempts()[0].evidence
    assert world.row("s2-case_system").state is DeliveryState.DELIVERED
    assert "Unreadable" in caplog.text


def test_documents_that_cannot_be_made_are_tried_again(world):
    def fail(_case):
        raise RuntimeError(SECRET)

    world.submit("s1")
    world.embedded(documents=fail).drain()
    assert world.attempts()[0].evidence == "not sent: RuntimeError while it was packed"
    world.until_quiet(2)
    assert world.row().state is DeliveryState.DELIVERED


def test_a_worker_slower_than_its_lease_changes_nothing_any_more(world, caplog):
    receiver = world.receivers["case_system"]
    receiver.resolves_unknown = ResolvesUnknown.PERSON
    send = receiver.send

    def slow(parcel):
        world.clock.forward(minutes=5)
        world.embedded().drain()
        return send(parcel)

    receiver.send = slow
    world.submit("s1")
    world.embedded().drain()
    assert (world.row().state, world.row().reason) == (DeliveryState.PARKED, NOBODY_KNOWS)
    assert [(one.outcome, one.evidence) for one in world.attempts()] == [
        (K.UNKNOWN, WORKER_STOPPED)
    ]
    assert "ended after its lease" in caplog.text
    with world.store.transaction(world.code) as work:
        (line,) = work.audit.about("s1-case_system")
    assert (line.event, line.detail) == (ENDED_LATE, K.DELIVERED)


def test_a_worker_that_packs_longer_than_its_lease_does_not_send(world):
    def slow(_case):
        if world.clock.now == started:
            world.clock.forward(minutes=5)
            world.embedded().drain()
        return ()

    started = world.clock.now
    world.submit("s1")
    world.embedded(documents=slow).drain()
    assert len(world.receivers["case_system"].parcels) == 1
    assert world.row().state is DeliveryState.DELIVERED


def test_long_evidence_is_cut(world):
    world.receivers["case_system"].answers = [Outcome(K.PERMANENT, "x" * 9000)]
    world.submit("s1")
    world.embedded().drain()
    assert len(world.attempts()[0].evidence) == 2000


def test_each_municipality_gets_its_own(world):
    world.submit("s1")
    world.submit("s1", municipality="0851")
    assert world.embedded(codes=("0773",)).drain() == 1
    assert world.row(municipality="0851").state is DeliveryState.WAITING
    assert world.embedded(codes=("0773", "0851")).drain() == 1
    assert world.row(municipality="0851").state is DeliveryState.DELIVERED


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.UNKNOWN])
def test_who_has_lost_the_row_before_the_attempt_begins_calls_nobody(world, state):
    receiver = world.receivers["case_system"] = world.AskableReceiver()
    world.submit("s1", world.a_delivery("s1", state=state))
    slow, quick = world.worker(), world.worker()
    lost = slow.take(world.code)
    world.clock.forward(seconds=11)
    held = quick.take(world.code)
    before = world.row()
    slow.work(lost)
    assert (receiver.parcels, receiver.asked) == ([], [])
    assert world.row() == before
    quick.work(held)
    assert len(receiver.parcels) + len(receiver.asked) == 1
