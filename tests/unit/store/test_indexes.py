"""The frequent questions are answered from an index, however many rows there are."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa


@pytest.fixture
def plan(engine):
    """How SQLite answers the first question that ``ask`` puts."""

    def plan(ask):
        seen = []

        def note(_connection, _cursor, statement, parameters, _context, _many):
            if statement.startswith("SELECT"):
                seen.append((statement, parameters))

        sa.event.listen(engine, "before_cursor_execute", note)
        ask()
        sa.event.remove(engine, "before_cursor_execute", note)
        statement, parameters = seen[0]
        with engine.begin() as connection:
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return " / ".join(step[-1] for step in steps)

    return plan


def test_what_can_be_claimed(plan, store, now):
    def ask():
        with store.transaction("0773") as work:
            work.deliveries.claim(now, now + datetime.timedelta(minutes=1))

    found = plan(ask)
    assert "USING INDEX ix_delivery_claimable (municipality=? AND due_at<?)" in found
    assert "TEMP B-TREE" not in found


def test_the_unfinished_draft(plan, store, parent):
    def ask():
        with store.transaction("0773") as work:
            work.drafts.unfinished(parent.cpr, "sundhedskort")

    assert (
        "USING INDEX uq_draft_unfinished (municipality=? AND owner_index=? AND solution=?)"
        in plan(ask)
    )


def test_the_unsettled_payments(plan, store, now):
    def ask():
        with store.transaction("0773") as work:
            work.payments.unsettled(now)

    assert "ix_payment_municipality_status_created_at" in plan(ask)
