from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from selvbetjening_core.journey.records import ENDED, Attempt, DeliveryState, WaivedAs
from selvbetjening_core.values import Outcome, OutcomeKind

MINUTE = datetime.timedelta(minutes=1)
W, S, U, D, P = (
    DeliveryState.WAITING,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
    DeliveryState.DELIVERED,
    DeliveryState.PARKED,
)


@pytest.fixture
def row(submit, store, delivery):
    submit("s1")
    with store.transaction("0773") as work:
        work.deliveries.add(delivery)
    return delivery


def _claim(store, now, municipality="0773"):
    with store.transaction(municipality) as work:
        return work.deliveries.claim(now, now + MINUTE, lambda _receiver: 9)


def _begin(store, now, number=1):
    attempt = Attempt("l1", number, "folder", "1.0", now)
    with store.transaction("0773") as work:
        work.deliveries.begin_attempt(attempt)
    return attempt


def test_a_row_comes_back_as_it_was(store, row):
    with store.transaction("0773") as work:
        assert work.deliveries.get("l1") == row
        assert work.deliveries.of_submission("s1") == [row]
        assert work.deliveries.count_by_state() == {"waiting": 1}
    with store.transaction("0851") as work:
        assert work.deliveries.get("l1") is None
        assert work.deliveries.of_submission("s1") == []
        assert work.deliveries.count_by_state() == {}


@pytest.mark.usefixtures("row")
def test_a_due_row_is_claimed_once(store, now):
    claimed, attempt = _claim(store, now)
    assert attempt is None
    assert (claimed.id, claimed.state, claimed.lease_until) == ("l1", S, now + MINUTE)
    assert claimed.holder
    with store.transaction("0773") as work:
        assert work.deliveries.get("l1") == claimed
    assert _claim(store, now) is None


@pytest.mark.usefixtures("row")
def test_a_row_is_not_claimed_early_nor_from_elsewhere(store, now):
    assert _claim(store, now - MINUTE) is None
    assert _claim(store, now, "0851") is None


@pytest.mark.usefixtures("row")
def test_the_most_overdue_comes_first(store, submit, delivery, now):
    submit("s2")
    older = replace(delivery, id="l2", submission_id="s2", key="l2", due_at=now - MINUTE)
    with store.transaction("0773") as work:
        work.deliveries.add(older)
    assert [_claim(store, now)[0].id for _ in range(2)] == ["l2", "l1"]


@pytest.mark.parametrize("end", sorted(ENDED))
@pytest.mark.parametrize("state", [state for state in DeliveryState if state not in ENDED])
def test_what_comes_after_waits_until_the_other_has_ended(store, submit, delivery, now, state, end):
    submit("s1")
    second = replace(delivery, id="l2", key="l2", destination="mail", after="case_system")
    with store.transaction("0773") as work:
        work.deliveries.add(replace(delivery, state=state, due_at=now + MINUTE))
        work.deliveries.add(second)
    assert _claim(store, now) is None
    with store.transaction("0773") as work:
        assert work.deliveries.move("l1", end, now) == ["l2"]
    assert _claim(store, now)[0].id == "l2"


def test_a_delivered_row_of_another_submission_releases_nothing(store, submit, delivery, now):
    submit("s1")
    submit("s2")
    with store.transaction("0773") as work:
        work.deliveries.add(replace(delivery, state=D))
        work.deliveries.add(
            replace(
                delivery,
                id="l2",
                key="l2",
                submission_id="s2",
                destination="mail",
                after="case_system",
            )
        )
    assert _claim(store, now) is None


@pytest.mark.usefixtures("row")
def test_a_row_left_sending_comes_back_as_unknown_with_its_attempt(store, now):
    _claim(store, now)
    attempt = _begin(store, now)
    assert _claim(store, now + MINUTE / 2) is None
    claimed, unfinished = _claim(store, now + MINUTE)
    assert (claimed.state, claimed.attempts, unfinished) == (U, 1, attempt)
    # Held anew: the one who asks next gets it only when this lease has run out.
    assert _claim(store, now + MINUTE) is None
    assert _claim(store, now + 2 * MINUTE)[0].state is U


@pytest.mark.usefixtures("row")
def test_a_row_left_before_its_attempt_began_was_not_sent(store, now):
    _claim(store, now)
    claimed, unfinished = _claim(store, now + MINUTE)
    assert (claimed.state, unfinished) == (S, None)


@pytest.mark.usefixtures("row")
def test_a_row_of_unknown_end_comes_back_when_it_is_due(store, now):
    with store.transaction("0773") as work:
        work.deliveries.move("l1", U, now, due_at=now + MINUTE)
    assert _claim(store, now) is None
    claimed, unfinished = _claim(store, now + MINUTE)
    assert (claimed.state, unfinished) == (U, None)


@pytest.mark.usefixtures("row")
@pytest.mark.parametrize("state", [D, P])
def test_a_row_that_rests_is_not_claimed(store, now, state):
    with store.transaction("0773") as work:
        work.deliveries.move("l1", state, now)
    assert _claim(store, now + MINUTE) is None


@pytest.mark.usefixtures("row")
@pytest.mark.parametrize("state", [U, DeliveryState.ACCEPTED_PENDING])
def test_a_row_whose_end_is_not_known_comes_back_as_it_is(store, now, state):
    _begin(store, now)
    with store.transaction("0773") as work:
        work.deliveries.end_attempt("l1", 1, Outcome(OutcomeKind.UNKNOWN, ""), now)
        work.deliveries.move("l1", state, now, due_at=now + MINUTE)
    assert _claim(store, now) is None
    claimed, unfinished = _claim(store, now + MINUTE)
    assert (claimed.state, unfinished) == (state, None)


@pytest.mark.usefixtures("row")
def test_only_what_nobody_holds_and_nobody_knows_is_made_due(store, now):
    later = now + 10 * MINUTE

    def ask_now(state, lease_until=None):
        with store.transaction("0773") as work:
            work.deliveries.move("l1", state, now, due_at=now)
            if lease_until is not None:
                assert work.deliveries.claim(now, lease_until, lambda _receiver: 9)
            return work.deliveries.ask_now("l1", now)

    assert ask_now(U)
    assert ask_now(DeliveryState.ACCEPTED_PENDING)
    assert ask_now(U, lease_until=now)
    assert not ask_now(U, lease_until=later)
    for state in (D, P, W, S):
        assert not ask_now(state)


@pytest.mark.usefixtures("row")
def test_a_row_is_found_by_its_own_components_key(store):
    with store.transaction("0773") as work:
        assert work.deliveries.by_key("journal", "l1").id == "l1"
        assert work.deliveries.by_key("other", "l1") is None
        assert work.deliveries.by_key("journal", "l2") is None
    with store.transaction("0751") as work:
        assert work.deliveries.by_key("journal", "l1") is None


@pytest.mark.usefixtures("row")
def test_when_an_outcome_first_came(store, now):
    for number, kind in enumerate((OutcomeKind.TRANSIENT, OutcomeKind.UNKNOWN) * 2, 1):
        _begin(store, now, number)
        with store.transaction("0773") as work:
            work.deliveries.end_attempt("l1", number, Outcome(kind, ""), now + number * MINUTE)
    with store.transaction("0773") as work:
        assert work.deliveries.first_ended_at("l1", OutcomeKind.UNKNOWN) == now + 2 * MINUTE
        assert work.deliveries.first_ended_at("l1", OutcomeKind.DELIVERED) is None


@pytest.mark.usefixtures("row")
def test_attempts_are_counted_and_keep_their_evidence(store, now):
    _begin(store, now)
    outcome = Outcome(OutcomeKind.TRANSIENT, "503 Æøå")
    with store.transaction("0773") as work:
        work.deliveries.end_attempt("l1", 1, outcome, now + MINUTE)
    second = _begin(store, now, 2)
    with store.transaction("0773") as work:
        assert work.deliveries.get("l1").attempts == 2
        assert work.deliveries.attempts("l1") == [
            Attempt("l1", 1, "folder", "1.0", now, now + MINUTE, OutcomeKind.TRANSIENT, "503 Æøå"),
            second,
        ]


def test_a_move_keeps_what_it_does_not_name(store, row, now):
    with store.transaction("0773") as work:
        work.deliveries.move("l1", W, now, reason="later", remote_reference="C-7", due_at=now)
        work.deliveries.move("l1", D, now + MINUTE)
        found = work.deliveries.get("l1")
    assert found == replace(
        row, state=D, remote_reference="C-7", reason="", changed_at=now + MINUTE
    )


@pytest.mark.usefixtures("row")
def test_an_unknown_state_is_refused(store, now):
    with pytest.raises(ValueError, match="lost"), store.transaction("0773") as work:
        work.deliveries.move("l1", "lost", now)


@pytest.mark.usefixtures("row")
def test_attempts_are_counted_from_a_moment_on(store, now):
    def since(moment):
        with store.transaction("0773") as work:
            return work.deliveries.begun_since("l1", moment)

    assert since(None) == (0, None)
    _begin(store, now + MINUTE)
    _begin(store, now + 2 * MINUTE, 2)
    assert since(None) == since(now + MINUTE) == (2, now + MINUTE)
    assert since(now + 2 * MINUTE) == (1, now + 2 * MINUTE)
    assert since(now + 3 * MINUTE) == (0, None)
    with store.transaction("0851") as work:
        assert work.deliveries.begun_since("l1", None) == (0, None)


@pytest.mark.usefixtures("row")
def test_the_last_attempt(store, now):
    with store.transaction("0773") as work:
        assert work.deliveries.last_attempt("l1") is None
    _begin(store, now)
    second = _begin(store, now + MINUTE, 2)
    with store.transaction("0773") as work:
        assert work.deliveries.last_attempt("l1") == second


@pytest.mark.usefixtures("row")
def test_an_attempt_that_has_ended_stays_as_it_is(store, now):
    _begin(store, now)
    with store.transaction("0773") as work:
        work.deliveries.end_attempt("l1", 1, Outcome(OutcomeKind.UNKNOWN, "?"), now)
        work.deliveries.end_attempt("l1", 1, Outcome(OutcomeKind.DELIVERED, "ok"), now + MINUTE)
        (attempt,) = work.deliveries.attempts("l1")
    assert (attempt.outcome, attempt.evidence, attempt.ended_at) == (OutcomeKind.UNKNOWN, "?", now)


@pytest.mark.usefixtures("row")
@pytest.mark.parametrize("kind", [None, *OutcomeKind])
def test_what_was_taken_or_nobody_knew_the_end_of_may_have_arrived(store, now, kind):
    _begin(store, now)
    _begin(store, now, 2)
    with store.transaction("0773") as work:
        if kind is not None:
            work.deliveries.end_attempt("l1", 1, Outcome(kind, "?"), now)
        work.deliveries.end_attempt("l1", 2, Outcome(OutcomeKind.TRANSIENT, "503"), now)
        in_doubt = {None, OutcomeKind.UNKNOWN, OutcomeKind.ACCEPTED_PENDING}
        assert work.deliveries.may_have_arrived("l1") is (kind in in_doubt)
    with store.transaction("0851") as work:
        assert not work.deliveries.may_have_arrived("l1")


@pytest.mark.usefixtures("row")
def test_what_is_put_back_is_due_now(store, now):
    later = now + MINUTE
    with store.transaction("0773") as work:
        work.deliveries.move("l1", P, now, reason="refused", remote_reference="C-7")
        assert work.deliveries.put_back("l1", P, later, "again")
        found = work.deliveries.get("l1")
    assert (found.state, found.reason, found.due_at) == (W, "again", later)
    assert (found.remote_reference, found.lease_until) == ("C-7", None)
    assert (found.component, found.tried_anew_at) == ("journal", later)
    assert _claim(store, later)[0].id == "l1"


@pytest.mark.usefixtures("row")
def test_what_a_worker_has_taken_meanwhile_is_not_put_back(store, now):
    claimed, _ = _claim(store, now)
    with store.transaction("0773") as work:
        assert not work.deliveries.put_back("l1", W, now, "again")
        assert work.deliveries.get("l1") == claimed
    with store.transaction("0851") as work:
        assert not work.deliveries.put_back("l1", S, now, "again")


@pytest.mark.usefixtures("row")
def test_what_goes_to_another_component_takes_nothing_of_the_first_along(store, now):
    with store.transaction("0773") as work:
        work.deliveries.move("l1", P, now, remote_reference="C-7")
        assert work.deliveries.put_back("l1", P, now, "again", "archive")
        found = work.deliveries.get("l1")
    assert (found.component, found.key, found.remote_reference) == ("archive", "l1", "")


@pytest.mark.usefixtures("row")
def test_what_a_person_gave_up_says_as_what(store, now):
    with store.transaction("0773") as work:
        work.deliveries.move(
            "l1", DeliveryState.WAIVED, now, reason="told", waived_as=WaivedAs.BY_HAND
        )
        found = work.deliveries.get("l1")
    assert (found.waived_as, found.reason) == (WaivedAs.BY_HAND, "told")
    assert _claim(store, now + MINUTE) is None
