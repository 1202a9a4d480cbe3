from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.errors import Conflict
from selvbetjening_core.journey.records import DraftState
from selvbetjening_core.store.crypto import Unreadable
from selvbetjening_core.store.tables import draft as table


def test_a_draft_comes_back_as_it_was(store, draft, accepted):
    other = replace(draft, id="d2", solution="flytning", household=None, frozen=accepted)
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        work.drafts.add(other)
    with store.transaction("0773") as work:
        assert work.drafts.get("d1") == draft
        assert work.drafts.get("d2") == other
        assert work.drafts.get("d3") is None


def test_the_owner_finds_the_unfinished_draft_and_nobody_else_does(store, draft, parent, child):
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        assert work.drafts.unfinished(parent.cpr, "sundhedskort") == draft
        assert work.drafts.unfinished(child.cpr, "sundhedskort") is None
        assert work.drafts.unfinished(parent.cpr, "flytning") is None
    with store.transaction("0851") as work:
        assert work.drafts.unfinished(parent.cpr, "sundhedskort") is None
        assert work.drafts.get("d1") is None


def test_there_is_at_most_one_unfinished_draft(store, draft):
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        with pytest.raises(Conflict):
            work.drafts.add(replace(draft, id="d2"))
        work.drafts.mark_submitted("d1", "s1")
        work.drafts.add(replace(draft, id="d2"))
    with store.transaction("0773") as work:
        assert work.drafts.get("d2") is not None


def test_it_is_resumed_while_it_is_open(store, draft, accepted, now):
    later = now.replace(hour=13)
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        fresh = replace(
            draft,
            definition_version="2026.2",
            locale="en",
            household=None,
            answers={"cause": "damaged"},
            updated_at=later,
        )
        assert work.drafts.refresh(fresh)
        saved = work.drafts.get("d1")
        assert work.drafts.freeze("d1", accepted, "p1")
        assert not work.drafts.refresh(replace(fresh, definition_version="2026.3"))
        assert not work.drafts.freeze("d1", accepted, "p2")
        frozen = work.drafts.get("d1")
    assert (saved.answers, saved.household, saved.updated_at) == ({"cause": "damaged"}, None, later)
    assert (saved.definition_version, saved.locale) == ("2026.2", "en")
    assert frozen == replace(saved, state=DraftState.PAYING, frozen=accepted, payment_id="p1")


def test_a_draft_goes_back_from_paying_to_open_without_case_and_payment(store, draft, accepted):
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        assert not work.drafts.reopen("d1")
        work.drafts.freeze("d1", accepted, "p1")
        assert work.drafts.reopen("d1")
        assert work.drafts.get("d1") == draft


@pytest.mark.parametrize("paying", [False, True])
def test_a_draft_is_submitted_once(store, draft, accepted, paying):
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        if paying:
            work.drafts.freeze("d1", accepted, "p1")
        assert work.drafts.mark_submitted("d1", "s1")
        assert not work.drafts.mark_submitted("d1", "s2")
        assert not work.drafts.reopen("d1")
        found = work.drafts.get("d1")
    assert (found.state, found.submission_id) == (DraftState.SUBMITTED, "s1")


def test_answers_are_sealed_one_by_one(engine, store, draft):
    with store.transaction("0773") as work:
        work.drafts.add(draft)
    with engine.begin() as connection:
        stored = connection.execute(sa.select(table.c.answers)).scalar_one()
    assert stored.keys() == draft.answers.keys()
    assert all(token.startswith("v1.k1.") for token in stored.values())


def test_an_answer_moved_to_another_field_is_noticed(engine, store, draft):
    with store.transaction("0773") as work:
        work.drafts.add(draft)
    with engine.begin() as connection:
        stored = connection.execute(sa.select(table.c.answers)).scalar_one()
        stored["holder"], stored["consent"] = stored["consent"], stored["holder"]
        connection.execute(sa.update(table).values(answers=stored))
    with pytest.raises(Unreadable), store.transaction("0773") as work:
        work.drafts.get("d1")


def test_a_row_moved_to_another_municipality_is_noticed(engine, store, draft):
    with store.transaction("0773") as work:
        work.drafts.add(draft)
    with engine.begin() as connection:
        connection.execute(sa.update(table).values(municipality="0851"))
    with pytest.raises(Unreadable), store.transaction("0851") as work:
        work.drafts.get("d1")
