from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from selvbetjening_core.store.crypto import Unreadable
from selvbetjening_core.store.tables import submission as table
from selvbetjening_core.values import AnswerGroup, CprNumber


def test_a_case_comes_back_as_accepted(store, case, facts):
    with store.transaction("0773") as work:
        assert work.submissions.add(case, facts)
    with store.transaction("0773") as work:
        assert work.submissions.get("s1") == case
        assert work.submissions.get("s2") is None


def test_actor_and_principal_own_it_and_nobody_else(store, case, facts, parent, child):
    with store.transaction("0773") as work:
        work.submissions.add(case, facts)
        assert work.submissions.owned("s1", parent.cpr) == case
        assert work.submissions.owned("s1", child.cpr) == case
        assert work.submissions.owned("s1", CprNumber("0101011234")) is None
    with store.transaction("0851") as work:
        assert work.submissions.owned("s1", parent.cpr) is None
        assert work.submissions.get("s1") is None


def test_a_taken_receipt_number_is_told_and_the_transaction_goes_on(store, case, facts):
    second = replace(case, submission_id="s2")
    other_draft = replace(facts, draft_id="d2")
    with store.transaction("0773") as work:
        assert work.submissions.add(case, facts)
        assert not work.submissions.add(second, other_draft)
        assert work.submissions.add(replace(second, receipt_number="R-2"), other_draft)
    with store.transaction("0773") as work:
        assert work.submissions.get("s2").receipt_number == "R-2"
    with store.transaction("0851") as work:
        assert work.submissions.add(case, facts)


def test_a_draft_cannot_become_two_submissions(store, case, facts):
    second = replace(case, submission_id="s2", receipt_number="R-2")
    with store.transaction("0773") as work:
        work.submissions.add(case, facts)
        with pytest.raises(ValueError, match="same draft"):
            work.submissions.add(second, facts)


def test_two_answers_of_one_name_are_refused_rather_than_lost(store, case, facts):
    group = case.groups[1]
    doubled = replace(case, groups=(AnswerGroup(group.step, "", group.answers * 2),))
    with pytest.raises(ValueError, match="same step and field"), store.transaction("0773") as work:
        work.submissions.add(doubled, facts)


def test_what_is_stored_beside_the_case(engine, store, case, facts):
    with store.transaction("0773") as work:
        work.submissions.add(case, facts)
    with engine.begin() as connection:
        row = connection.execute(sa.select(table)).mappings().one()
    assert row["definition_sha256"] == "ab" * 32
    assert row["plugin_versions"] == {"folder": "1.0"}
    assert (row["basis"], row["level"], row["channel"]) == (
        "custody",
        "substantial",
        "self_service",
    )
    assert row["answers"].keys() == {"person.holder", "reason.cause"}


@pytest.mark.parametrize(("one", "other"), [("actor", "principal"), ("rest", "actor")])
def test_a_token_moved_to_another_column_is_noticed(engine, store, case, facts, one, other):
    with store.transaction("0773") as work:
        work.submissions.add(case, facts)
    with engine.begin() as connection:
        connection.execute(sa.update(table).values({one: table.c[other]}))
    with pytest.raises(Unreadable), store.transaction("0773") as work:
        work.submissions.get("s1")


def test_a_delivery_needs_its_submission(store, delivery):
    with pytest.raises(IntegrityError), store.transaction("0773") as work:
        work.deliveries.add(delivery)


def test_a_delivery_cannot_hang_on_another_municipalitys_submission(store, submit, delivery):
    submit("s1", "0851")
    with pytest.raises(IntegrityError), store.transaction("0773") as work:
        work.deliveries.add(delivery)
