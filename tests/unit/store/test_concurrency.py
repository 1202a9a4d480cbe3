"""What many do at the same moment, each with a connection of its own.

On SQLite transactions come one after the other anyway; what PostgreSQL lets in at
once is told apart by conditional statements and held rows. The controls show that
these tests would notice if it were not.
"""

from __future__ import annotations

import datetime
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from selvbetjening_core.errors import Conflict
from selvbetjening_core.journey import drafts as journey_drafts
from selvbetjening_core.journey.drafts import save_answers
from selvbetjening_core.journey.records import DraftState, PaymentOutcome, PendingLogin
from selvbetjening_core.journey.submit import write_submission
from selvbetjening_core.journey.visits import StepSaved, StepToSave
from selvbetjening_core.store import draft_steps
from selvbetjening_core.store.prepared import Prepared
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.values import PaymentState, PaymentStatus

CODE = "0773"
MANY = 12
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def at_once(store):
    """Do something many times at the same moment, each in a transaction of its own."""

    def at_once(do, count=MANY):
        start = threading.Barrier(count, timeout=30)
        found = [None] * count

        def run(number):
            start.wait()
            try:
                with store.transaction(CODE) as work:
                    found[number] = do(work, number)
            except Exception as error:  # noqa: BLE001 - told by what the test asks
                found[number] = error

        _in_threads(run, count)
        return found

    return at_once


def _in_threads(run, count):
    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture
def context(store, now):
    """As much of a journey as the store's part in it needs."""

    class Queue:
        def enqueue(self, work, delivery):
            work.deliveries.add(delivery)

        def plan(self, work, delivery_id, due_at):
            pass

    return SimpleNamespace(
        store=store,
        code=CODE,
        now=lambda: now,
        today=now.date(),
        queue=Queue(),
        municipality=SimpleNamespace(component_name=lambda *_: "register"),
    )


def _step(name):
    return SimpleNamespace(name=name, fields=(SimpleNamespace(name=name, kind="text"),))


def test_two_windows_start_one_draft(at_once, store, draft):
    found = at_once(lambda work, n: work.drafts.add(replace(draft, id=f"d{n}")))
    assert [one for one in found if one is None] == [None]
    assert all(isinstance(one, Conflict) for one in found if one is not None)
    with store.transaction(CODE) as work:
        assert work.drafts.unfinished(draft.identity.cpr, draft.solution) is not None


def test_a_start_in_two_windows_is_one_journey(context, store, draft, identity, monkeypatch):
    """And both are shown it: nobody is told of a conflict."""
    monkeypatch.setattr(journey_drafts, "ask_register", lambda *_: None)
    solution = SimpleNamespace(version="1", sha256=draft.definition_sha256, steps=())
    offered = SimpleNamespace(solution=solution)
    context.offered = lambda _: offered
    start, found = threading.Barrier(MANY, timeout=30), []

    def begin(_):
        start.wait()
        found.append(journey_drafts.start(context, identity, draft.solution, "da").id)

    _in_threads(begin, MANY)
    assert len(found) == MANY
    assert len(set(found)) == 1
    with store.transaction(CODE) as work:
        assert [one.started for one in work.counts.report()] == [1]


def test_one_draft_is_submitted_once(context, store, draft, accepted):
    with store.transaction(CODE) as work:
        work.drafts.add(draft)
    start, found = threading.Barrier(MANY, timeout=30), []

    def submit(number):
        case = replace(accepted.case, submission_id=f"s{number}")
        start.wait()
        with store.transaction(CODE) as work:
            found.append(write_submission(context, "d1", replace(accepted, case=case), work))

    _in_threads(submit, MANY)
    assert len(found) == MANY
    (submitted,) = set(found)
    with store.transaction(CODE) as work:
        assert work.drafts.get("d1").submission_id == submitted
        assert [bool(work.submissions.get(f"s{n}")) for n in range(MANY)].count(True) == 1
        assert len(work.deliveries.of_submission(submitted)) == len(accepted.deliveries)
        assert [one.completed for one in work.counts.report()] == [1]


def _answers_after_many_windows(context, store, draft):
    with store.transaction(CODE) as work:
        work.drafts.add(replace(draft, answers={}))
    start = threading.Barrier(MANY, timeout=30)

    def save(number):
        start.wait()
        save_answers(context, draft, _step(f"field{number}"), {f"field{number}": number}, 0)

    _in_threads(save, MANY)
    with store.transaction(CODE) as work:
        return work.drafts.get("d1").answers


def test_windows_that_save_at_once_lose_nothing_of_each_others(context, store, draft):
    found = _answers_after_many_windows(context, store, draft)
    assert found == {f"field{number}": number for number in range(MANY)}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_without_holding_the_draft_answers_would_be_lost(context, store, draft, monkeypatch):
    """Control: a draft that is read, and then written, as if nobody else were there."""
    monkeypatch.setattr(draft_steps, "_HOLD", Prepared(draft_steps._LOOK))
    assert len(_answers_after_many_windows(context, store, draft)) < MANY


def test_what_is_accepted_is_what_was_saved_last(store, draft, accepted, now):
    """Who accepts holds the draft: an answer saved meanwhile comes before, or not at all."""
    with store.transaction(CODE) as work:
        work.drafts.add(draft)
    holding, outcome = threading.Event(), []

    def accept():
        with store.transaction(CODE) as work:
            seen = work.drafts.get("d1", hold=True)
            holding.set()
            # Time for the other to come, which has to wait.
            threading.Event().wait(0.3)
            work.drafts.freeze("d1", accepted, "p1")
            outcome.append(seen.answers)

    def save():
        holding.wait(10)
        with store.transaction(CODE) as work:
            save = StepToSave("d1", draft.identity.cpr, "late", frozenset(), {"late": 1}, 0)
            outcome.append(work.drafts.save_step(save, now))

    _in_threads(lambda number: (accept, save)[number](), 2)
    assert outcome == [draft.answers, StepSaved.PAYING]


def test_counts_are_exact(at_once, store, now):
    day = now.date()
    found = at_once(lambda work, _: work.counts.started("s", "1", "self_service", day))
    assert found == [None] * MANY
    at_once(lambda work, _: work.counts.completed("s", "1", "self_service", day))
    with store.transaction(CODE) as work:
        (count,) = work.counts.report()
    assert (count.started, count.completed) == (MANY, MANY)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_counting_by_reading_first_would_not_be(at_once, store, now, monkeypatch):
    """Control."""

    def put(scope, table, row, **_):
        before = scope.row(table, table.c.solution == "s")
        if before is None:
            scope.try_insert(table, row)
        else:
            scope.change(table, table.c.solution == "s", started=before["started"] + 1)

    monkeypatch.setattr(Scope, "put", put)
    at_once(lambda work, _: work.counts.started("s", "1", "self_service", now.date()))
    with store.transaction(CODE) as work:
        (count,) = work.counts.report()
    assert count.started < MANY


def test_an_assertion_is_taken_once(at_once, now):
    found = at_once(lambda work, _: work.sessions.remember_assertion("i", "a", now + HOUR))
    assert sorted(found) == [False] * (MANY - 1) + [True]


def test_a_login_is_taken_once(at_once, store, now):
    with store.transaction(CODE) as work:
        work.sessions.add_login(PendingLogin("q", "l", "s", "da", "b", "a", "r", now + HOUR))
    found = at_once(lambda work, _: work.sessions.take_login("q", now))
    assert len([one for one in found if one is not None]) == 1
    assert not any(isinstance(one, Exception) for one in found)


def test_who_wins_and_then_fails_leaves_it_to_the_next(store, at_once, now):
    def remember(work, number):
        if work.sessions.remember_assertion("i", "a", now + HOUR):
            if number < MANY - 1:
                raise RuntimeError
            return "kept"
        return "seen"

    for _ in range(MANY):
        found = at_once(remember)
        if "kept" in found:
            break
    with store.transaction(CODE) as work:
        assert not work.sessions.remember_assertion("i", "a", now + HOUR)


def test_a_task_is_claimed_once(at_once, store, now):
    def claim(work, _):
        return work.tasks.claim("card", "settle", now, now + HOUR)

    assert sorted(at_once(claim)) == [False] * (MANY - 1) + [True]
    with store.transaction(CODE) as work:
        work.tasks.done("card", "settle", now + HOUR, now)
    assert sorted(at_once(claim)) == [False] * (MANY - 1) + [True]


def test_what_components_keep(at_once, store, now):
    def add(work, number):
        return work.component_values.add("card", "k", b"%d" % number, None, now)

    found = at_once(add)
    assert sorted(found) == [False] * (MANY - 1) + [True]
    with store.transaction(CODE) as work:
        assert work.component_values.get("card", "k", now) == b"%d" % found.index(True)


def test_of_many_that_put_one_is_there(at_once, store, now):
    found = at_once(lambda work, n: work.component_values.put("card", "k", b"%d" % n, None))
    assert found == [None] * MANY
    with store.transaction(CODE) as work:
        assert work.component_values.get("card", "k", now) in [b"%d" % n for n in range(MANY)]


def test_of_many_that_find_it_run_out_one_adds_it(at_once, store, now):
    with store.transaction(CODE) as work:
        for number in range(40):
            work.component_values.put("card", f"old{number}", b"1", now - HOUR)
        work.component_values.put("card", "k", b"1", now - HOUR)
    found = at_once(lambda work, n: work.component_values.add("card", "k", b"%d" % n, None, now))
    assert sorted(found) == [False] * (MANY - 1) + [True]


def test_news_of_a_payment_is_told_to_one(at_once, store, payment, now):
    with store.transaction(CODE) as work:
        work.payments.add(payment)
    state = PaymentState("pay-key-1", PaymentStatus.PAID, payment.amount, "R-1", "P-1")
    found = at_once(lambda work, _: work.payments.record("p1", state, now))
    assert sorted(found) == [False] * (MANY - 1) + [True]


def test_what_became_of_a_payment_is_decided_once(at_once, store, payment):
    with store.transaction(CODE) as work:
        work.payments.add(payment)
    outcomes = (PaymentOutcome.SUBMITTED, PaymentOutcome.STRAY, PaymentOutcome.DISPUTED)
    found = at_once(lambda work, n: work.payments.set_outcome("p1", outcomes[n % 3]))
    assert sorted(found) == [False] * (MANY - 1) + [True]
    with store.transaction(CODE) as work:
        assert work.payments.get("p1").outcome is outcomes[found.index(True) % 3]


def test_paid_and_cancelled_at_once_end_as_paid(at_once, store, payment, now):
    with store.transaction(CODE) as work:
        work.payments.add(payment)
    statuses = (PaymentStatus.PAID, PaymentStatus.CANCELLED)

    def record(work, number):
        status = statuses[number % 2]
        state = PaymentState("pay-key-1", status, payment.amount, "R-1", "P-1")
        return work.payments.record("p1", state, now)

    found = at_once(record)
    assert 1 <= found.count(True) <= 2
    with store.transaction(CODE) as work:
        assert work.payments.get("p1").status is PaymentStatus.PAID


def test_a_receipt_number_is_given_once(at_once, case, facts):
    def add(work, number):
        mine = replace(case, submission_id=f"s{number}")
        return work.submissions.add(mine, replace(facts, draft_id=f"d{number}"))

    assert sorted(at_once(add)) == [False] * (MANY - 1) + [True]


def test_a_draft_changes_its_state_once(at_once, store, draft, accepted):
    with store.transaction(CODE) as work:
        work.drafts.add(draft)
    found = at_once(lambda work, n: work.drafts.freeze("d1", accepted, f"p{n}"))
    assert sorted(found) == [False] * (MANY - 1) + [True]
    with store.transaction(CODE) as work:
        assert work.drafts.get("d1").payment_id == f"p{found.index(True)}"
        assert work.drafts.get("d1").state is DraftState.PAYING
