"""The answers of a step are sealed as one, and saved on condition of what was seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.visits import StepSaved, StepToSave
from selvbetjening_core.store.crypto import KeyRing, Unreadable
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import draft as table

CODE = "0773"
FIELDS = frozenset({"holder", "consent"})


@pytest.fixture
def to_save(draft):
    """The answers of one of two steps of the draft."""

    def save(**answers):
        return StepToSave("d1", draft.identity.cpr, "person", FIELDS, answers, 0)

    return save


@pytest.fixture
def saved(store, draft, to_save, now):
    """The draft as it is after two steps, one of which was saved twice."""
    later = now.replace(hour=13)
    with store.transaction(CODE) as work:
        work.drafts.add(replace(draft, answers={}))
    first = to_save(holder="1", consent=True)
    other = replace(first, step="cause", fields=frozenset({"cause"}), answers={"cause": "lost"})
    again = replace(first, answers={"holder": "2"}, seen=1)
    for save in (first, other, again):
        assert store.save_step(CODE, save, later) is StepSaved.SAVED
    return stored(store)


def stored(store):
    with store.transaction(CODE) as work:
        return work.drafts.get("d1")


def columns(engine):
    with engine.begin() as connection:
        return connection.execute(sa.select(table.c.answers, table.c.steps)).one()


def write(engine, **values):
    with engine.begin() as connection:
        connection.execute(sa.update(table).values(values))


def test_a_step_holds_what_was_saved_last(saved, now):
    assert saved.answers == {"cause": "lost", "holder": "2"}
    assert saved.saves == {"person": 2, "cause": 1}
    assert saved.steps == {"person": ("holder",), "cause": ("cause",)}
    assert saved.updated_at == now.replace(hour=13)


@pytest.mark.usefixtures("saved")
def test_a_step_is_one_token(engine):
    answers, steps = columns(engine)
    assert answers == {}
    assert steps.keys() == {"person", "cause"}
    assert all(token.startswith("v1.k1.") for token in steps.values())


@pytest.mark.usefixtures("saved")
def test_a_step_moved_to_another_is_noticed(engine, store):
    _, steps = columns(engine)
    write(engine, steps={"person": steps["cause"], "cause": steps["person"]})
    with pytest.raises(Unreadable):
        stored(store)


def test_what_was_saved_meanwhile_is_not_saved_over(store, saved, to_save, now):
    stale = replace(to_save(holder="3"), seen=1)
    assert store.save_step(CODE, stale, now) is StepSaved.OVERTAKEN
    assert stored(store) == saved


def test_without_the_condition_it_would_be(store, saved, to_save, now):
    """Control."""
    blind = replace(to_save(holder="3"), seen=saved.saves["person"])
    assert store.save_step(CODE, blind, now) is StepSaved.SAVED
    assert stored(store) != saved


def test_a_draft_that_is_paid_for_or_submitted_takes_no_answers(
    store, draft, accepted, to_save, now
):
    with store.transaction(CODE) as work:
        work.drafts.add(draft)
        work.drafts.freeze("d1", accepted, "p1")
    assert store.save_step(CODE, to_save(holder="3"), now) is StepSaved.PAYING
    with store.transaction(CODE) as work:
        work.drafts.mark_submitted("d1", "s1")
    assert store.save_step(CODE, to_save(holder="3"), now) is StepSaved.SUBMITTED
    assert stored(store).answers == draft.answers


def test_nobody_saves_in_anothers_draft(store, saved, to_save, child, now):
    own = replace(to_save(holder="3"), seen=2)
    for code, save in (
        (CODE, replace(own, owner=child.cpr)),
        (CODE, replace(own, draft_id="d2")),
        ("0851", own),
    ):
        assert store.save_step(code, save, now) is StepSaved.GONE
    assert stored(store) == saved


@pytest.mark.parametrize("same_form", [True, False])
def test_answers_that_were_sealed_one_by_one_go_on(store, draft, to_save, now, same_form):
    """As in a draft from before: its answers belong to no step yet."""
    with store.transaction(CODE) as work:
        work.drafts.add(draft)
        assert work.drafts.get("d1") == draft
        steps = {"person": ("holder", "consent"), "cause": ("reasons", "year")}
        if not same_form:
            assert work.drafts.refresh(replace(draft, steps=steps))
    assert stored(store).answers == draft.answers
    assert store.save_step(CODE, to_save(holder="9"), now) is StepSaved.SAVED
    # What was answered, and is not any more, does not come back.
    assert stored(store).answers == {"holder": "9", "reasons": ["lost", None], "year": 2019}


def test_a_resumed_draft_is_sealed_by_step(engine, store, saved):
    assert not columns(engine).answers
    resumed = replace(saved, answers={"holder": "2", "year": 1}, steps={"all": ("holder", "year")})
    with store.transaction(CODE) as work:
        assert work.drafts.refresh(resumed)
    found = stored(store)
    assert found.answers == {"holder": "2", "year": 1}
    assert found.saves == {"all": 0, "person": 2, "cause": 1}


def test_a_change_of_the_key_finds_every_step(engine, saved):
    new = SqlStore(engine, KeyRing({"k1": bytes(range(32)), "k2": bytes(32)}, "k2", "k1"))
    with new.transaction(CODE) as work:
        counted, _ = work.sealed.count("draft")
        assert work.sealed.reseal("draft") == (counted["k1"], ())
    assert all(token.startswith("v1.k2.") for token in columns(engine).steps.values())
    assert stored(new) == saved
