"""The frequent questions are answered from an index, however many rows there are."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.audit import AuditWanted
from selvbetjening_core.journey.records import DeliveryState

MINUTE = datetime.timedelta(minutes=1)
LEDGER = ("ix_delivery_claimable", "ix_delivery_unfinished", "ix_delivery_held")


@pytest.fixture
def plans(engine):
    """How the database answers all the questions that ``ask`` puts, one text for each."""

    def plans(ask):
        seen = []

        def note(_connection, _cursor, statement, parameters, _context, _many):
            if statement.startswith(("SELECT", "WITH")):
                seen.append((statement, parameters))

        sa.event.listen(engine, "before_cursor_execute", note)
        ask()
        sa.event.remove(engine, "before_cursor_execute", note)
        with engine.begin() as connection:
            return [_explained(connection, *one) for one in seen]

    return plans


def _explained(connection, statement, parameters):
    if connection.dialect.name == "sqlite":
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    else:
        # However few rows a test has: which index could answer it at all?
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        steps = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return " / ".join(step[-1] for step in steps)


@pytest.fixture
def ask(store):
    """Ask the ledger something in a transaction of its own."""

    def ask(question):
        def put():
            with store.transaction("0773") as work:
                question(work)

        return put

    return ask


def _reads_all(plan):
    """Does the plan go through all deliveries?"""
    return "SCAN delivery" in plan or "Seq Scan on delivery" in plan


@pytest.fixture
def rows(store, submit, delivery):
    """Something due, so that all the questions of a claim are put."""
    submit("s1")
    with store.transaction("0773") as work:
        work.deliveries.add(delivery)


@pytest.mark.usefixtures("rows")
def test_what_can_be_claimed(plans, ask, now):
    found = plans(ask(lambda work: work.deliveries.claim(now, now + MINUTE, lambda _: 2)))
    of_rows = [plan for plan in found if "ix_delivery" in plan]
    which, row = of_rows[:2]
    assert which.count("ix_delivery_claimable") >= 3
    assert "ix_delivery_held" in row
    assert "ix_delivery_claimable" in row
    assert "TEMP B-TREE" not in row
    assert "Sort" not in row
    assert not any(_reads_all(plan) for plan in found)


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    "question",
    [
        lambda work, _now: work.deliveries.unfinished_counts(),
        lambda work, _now: work.deliveries.page(),
        lambda work, now: work.deliveries.page(state=DeliveryState.PARKED, after=(now, "d1")),
        lambda work, now: work.deliveries.page(component="journal", overdue_before=now),
        lambda work, now: work.deliveries.due("journal", now, 3),
    ],
)
def test_what_operators_look_at(plans, ask, now, question):
    found = plans(ask(lambda work: question(work, now)))
    assert found
    for plan in found:
        assert any(index in plan for index in LEDGER)
        assert not _reads_all(plan)


@pytest.mark.usefixtures("rows")
def test_a_question_without_an_index_is_seen(plans, ask, engine):
    """The control."""
    if engine.dialect.name == "sqlite":
        (found,) = plans(ask(lambda work: work.deliveries.count_by_state()))
        assert not any(index in found for index in LEDGER)


def test_a_submission_by_the_numbers_that_citizens_have(plans, ask):
    for question, index in (
        (lambda work: work.submissions.by_receipt_number("R-1"), "receipt_number"),
        (lambda work: work.submissions.by_enquiry_code("7KQ4M-2XP9A"), "enquiry_code"),
    ):
        (plan,) = plans(ask(question))
        assert index in plan
        assert "SCAN submission" not in plan
        assert "Seq Scan" not in plan


def test_a_line_of_the_audit_log_that_is_not_sealed(plans, ask, now):
    """Looked up for each line. A join may be planned for the few seals there once were."""

    def look(work):
        work.audit.add("one", "s1", now)
        work.audit_chain.seal(now, 10)
        work.audit_chain.outside("", 10)

    found = [plan for plan in plans(ask(look)) if {"audit", "audit_seal"} <= {*plan.split()}]
    assert found
    for plan in found:
        assert " Join" not in plan
        assert "line_id" in plan


def test_what_the_audit_log_has_about_a_person(plans, ask, parent, now):
    """Nothing reads the whole log: which keys there were, nor the lines of one person."""

    def look(work):
        work.audit.add("one", "s1", now, persons=(parent.cpr,))
        work.audit.lines(AuditWanted(person=parent.cpr))

    found = [plan for plan in plans(ask(look)) if "audit" in plan and "seal" not in plan]
    assert len(found) == 3
    *keys, lines = found
    for plan in keys:
        assert "ix_audit_persons" in plan
    assert "ix_audit_persons" in lines
    assert "ix_audit_several" in lines
    for plan in found:
        assert "SCAN audit" not in plan
        assert "Seq Scan on audit" not in plan


def test_the_unfinished_draft(plans, ask, parent):
    (plan,) = plans(ask(lambda work: work.drafts.unfinished(parent.cpr, "sundhedskort")))
    assert "uq_draft_unfinished" in plan


def test_the_unsettled_payments(plans, ask, now):
    (plan,) = plans(ask(lambda work: work.payments.unsettled(now)))
    assert "ix_payment_municipality" in plan
    assert "Seq Scan" not in plan
