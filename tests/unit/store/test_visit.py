"""One look for a page: what it finds, that it holds nobody up, and what it says of failures."""

from __future__ import annotations

import datetime
import functools
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
import sqlalchemy as sa

from selvbetjening_core.errors import CommitUnknown, StoreUnavailable
from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.journey.visits import Prolonged, StepSaved, StepToSave, Visit
from selvbetjening_core.store import draft_steps, looking
from selvbetjening_core.store import store as store_module
from selvbetjening_core.store.crypto import KeyRing, Unreadable
from selvbetjening_core.store.engine import quick_connections
from selvbetjening_core.store.postgresql import see_everywhere
from selvbetjening_core.store.prepared import Prepared, Quickly
from selvbetjening_core.store.sqlite import QuickConnections, _Beginning
from selvbetjening_core.store.tables import draft as draft_table
from selvbetjening_core.store.tables import web_session
from selvbetjening_core.values import CprNumber

CODE = "0773"
OTHER = CprNumber("0108185678")
HOUR = datetime.timedelta(hours=1)
STEPS = {"person": ("holder", "consent")}
only_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def session(identity, now):
    return WebSession("hash", "csrf", identity, now, now + HOUR)


@pytest.fixture
def stored(draft):
    """Some of the answers belong to a step, others to none."""
    return replace(draft, steps=STEPS, saves={"person": 3})


@pytest.fixture
def there(store, session, stored):
    with store.transaction(CODE) as work:
        work.sessions.add(session)
        work.drafts.add(stored)
    return store


@pytest.fixture
def look(there, now):
    return lambda code=CODE, token="hash", solution="sundhedskort", at=now: there.visit(
        code, token, solution, at
    )


@pytest.fixture
def save(draft):
    return StepToSave("d1", draft.identity.cpr, "person", frozenset(), {"holder": "1"}, 3)


@pytest.fixture
def ordinary(monkeypatch):
    """The driver can do nothing by itself: everything goes the ordinary way."""

    def fail(*_, **__):
        raise sqlite3.OperationalError("planted")

    monkeypatch.setattr(Quickly, "row", fail)


def test_who_is_logged_in_and_their_draft(look, session, stored):
    assert look() == Visit(session, stored)


def test_it_is_what_the_repositories_find(look, there, identity, now):
    with there.transaction(CODE) as work:
        found = Visit(
            work.sessions.get("hash", now), work.drafts.unfinished(identity.cpr, "sundhedskort")
        )
    assert look() == found


@pytest.mark.usefixtures("ordinary")
def test_where_the_driver_cannot_a_transaction_finds_the_same(look, session, stored):
    assert look() == Visit(session, stored)


def test_it_finds_what_a_draft_that_is_paid_for_holds(look, there, accepted, stored):
    with there.transaction(CODE) as work:
        work.drafts.freeze("d1", accepted, "p1")
        paying = work.drafts.get("d1")
    assert paying != stored
    assert look().draft == paying


def test_nobody_and_nothing(look, session, there, now):
    assert look(token="other") == Visit()
    assert look(at=now + HOUR) == Visit()
    assert look(solution="flytning") == Visit(session)
    with there.transaction(CODE) as work:
        work.drafts.mark_submitted("d1", "s1")
    assert look() == Visit(session)


def test_nothing_of_another_municipality(look):
    assert look(code="0851") == Visit()


def test_the_second_look_is_one_statement(look, there, engine, session, stored):
    """Whose the session is, is known by then."""
    first, statements = look(), []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    if there._quick is not None:
        with there._quick.one() as connection:
            connection.set_trace_callback(statements.append)
    assert look() == first == Visit(session, stored)
    assert sum("web_session" in one for one in statements) == 1
    assert sum("FROM draft" in one for one in statements) == 0


@pytest.fixture
def becomes_another(there, session, identity, draft):
    """The session becomes another citizen's, who has a draft, too."""

    def become():
        theirs = replace(identity, cpr=OTHER)
        with there.transaction(CODE) as work:
            work.sessions.remove("hash")
            work.sessions.add(replace(session, identity=theirs))
            work.drafts.add(replace(draft, id="d2", identity=theirs))

    return become


def test_a_session_that_became_another_citizens_finds_their_draft(look, becomes_another):
    assert look().draft.id == "d1"
    becomes_another()
    assert look().draft.id == "d2"


def test_a_draft_of_whom_the_session_was_would_be_noticed(
    look, there, identity, becomes_another, monkeypatch
):
    """Control: who it was a moment ago is not held against what the session says."""
    look()
    becomes_another()
    owner = there.keys.index(CODE, identity.cpr)
    monkeypatch.setattr(there.keys, "index", lambda *_: owner)
    assert look().draft.id == "d1"


def _without_place(which):
    """The statement as if its author had forgotten the municipality."""
    if which != "_BOTH":
        statement = getattr(looking, which).statement
        kept = [one for one in statement.whereclause.clauses if "municipality" not in str(one)]
        return Prepared(sa.select(*statement.selected_columns).where(*kept))
    kept = [one for one in looking._THEIR_DRAFT if "municipality" not in str(one)]
    return Prepared(
        sa.select(*looking._BOTH.statement.selected_columns)
        .select_from(sa.outerjoin(web_session, draft_table, sa.and_(*kept)))
        .where(*looking._THIS_SESSION)
    )


@pytest.mark.parametrize("which", ["_SESSION", "_DRAFT", "_BOTH"])
def test_a_look_across_municipalities_would_be_noticed(
    look, engine, there, session, identity, monkeypatch, which
):
    """Control: a statement forgets the municipality, and another wall holds or is hit."""
    owner = there.keys.index(CODE, identity.cpr)
    if which != "_SESSION":
        with there.transaction("0851") as work:
            work.sessions.add(session)
        monkeypatch.setattr(there.keys, "index", lambda *_: owner)
    assert look(code="0851").draft is None
    if which == "_DRAFT":
        # Else whose the session is, is known.
        there.keys._opened.clear()
    monkeypatch.setattr(looking, which, _without_place(which))
    if engine.dialect.name == "postgresql":
        assert look(code="0851").draft is None
        return
    with pytest.raises(Unreadable):
        look(code="0851")


def test_it_waits_for_nobody_who_writes(look, there, session, stored):
    with there.transaction(CODE) as work:
        work.drafts.mark_submitted("d1", "s1")
        assert look() == Visit(session, stored)
    assert look() == Visit(session)


@pytest.mark.parametrize("code", ["", "773", "0773' OR 1=1"])
def test_what_is_no_kommunekode_is_not_looked_for(there, code, save, now):
    with pytest.raises(ValueError, match="four digits"):
        there.visit(code, "hash", "sundhedskort", now)
    with pytest.raises(ValueError, match="four digits"):
        there.save_step(code, save, now)


@only_sqlite
def test_a_file_that_was_removed_is_noticed(look, there, tmp_path, save, now):
    look()
    (tmp_path / "store.db").rename(tmp_path / "away.db")
    for ask in (look, lambda: there.save_step(CODE, save, now)):
        with pytest.raises(StoreUnavailable, match="cannot be used"):
            ask()
    assert not (tmp_path / "store.db").exists()


@only_sqlite
def test_tables_that_are_not_there_are_told_as_ever(look, there, engine, save, now):
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE draft")
    for ask in (look, lambda: there.save_step(CODE, save, now)):
        with pytest.raises(StoreUnavailable, match="cannot be used"):
            ask()


def test_a_session_lasts_longer_with_the_step_that_is_saved(look, there, save, now):
    until = now + 2 * HOUR
    stale = replace(save, seen=9)
    assert there.save_step(CODE, stale, now, Prolonged("hash", until)) is StepSaved.OVERTAKEN
    assert look().session.expires_at == now + HOUR
    assert there.save_step(CODE, save, now, Prolonged("hash", until)) is StepSaved.SAVED
    assert look().session.expires_at == until
    assert look().draft.saves == {"person": 4}


def test_a_failure_in_the_middle_leaves_what_was(look, there, save, now, monkeypatch):
    before = look()
    monkeypatch.setattr(draft_steps, "_PROLONG", None)
    with pytest.raises(AttributeError):
        there.save_step(CODE, save, now, Prolonged("hash", now + 2 * HOUR))
    assert look() == before


@only_sqlite
def test_only_what_is_on_its_way_syncs_later(engine):
    full, normal = 2, 1
    with engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == full
    with closing(quick_connections(engine)) as quick, quick.one() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (normal,)


@only_sqlite
def test_only_looking_and_saving_a_step_are_quick(there, look, engine, save, now, monkeypatch):
    quick = []
    taken = QuickConnections._taken
    monkeypatch.setattr(QuickConnections, "_taken", lambda self: quick.append(1) or taken(self))
    ordinary = []
    sa.event.listen(engine, "checkout", lambda *_: ordinary.append(1))
    look()
    there.save_step(CODE, save, now)
    assert (len(quick), len(ordinary)) == (2, 0)
    with there.transaction(CODE) as work:
        work.drafts.mark_submitted("d1", "s1")
    assert (len(quick), len(ordinary)) == (2, 1)


@only_sqlite
def test_a_connection_is_used_again_until_something_fails_on_it(engine):
    with closing(quick_connections(engine)) as quick:
        with quick.one() as first:
            pass
        with quick.one() as second:
            assert second is first
        with pytest.raises(sqlite3.OperationalError), quick.one() as third:
            third.execute("SELECT nothing")
        with quick.one() as fourth:
            assert fourth is not first
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            first.execute("SELECT 1")


@only_sqlite
def test_what_the_engine_closes_is_closed(engine):
    quick = quick_connections(engine)
    with quick.one() as connection:
        pass
    engine.dispose()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


@only_sqlite
def test_a_step_that_waits_too_long_for_others_is_told(there, engine, save, now, monkeypatch):
    monkeypatch.setattr(_Beginning.begin, "__defaults__", (0.05,))
    with engine.begin(), pytest.raises(StoreUnavailable, match="SQLITE_BUSY"):
        there.save_step(CODE, save, now)
    assert there.save_step(CODE, save, now) is StepSaved.SAVED


@only_sqlite
@pytest.mark.parametrize("kept", [True, False])
def test_a_commit_that_ends_in_an_error_is_not_known(there, look, save, now, monkeypatch, kept):
    commit = store_module._COMMIT
    monkeypatch.setattr(store_module, "_COMMIT", f"{commit}; no SQL" if not kept else "no SQL")
    before = look()
    with pytest.raises(CommitUnknown):
        there.save_step(CODE, save, now)
    monkeypatch.undo()
    assert look() == before


def test_what_was_opened_is_opened_once(look, engine, monkeypatch):
    opened = []
    real = KeyRing.open
    monkeypatch.setattr(KeyRing, "open", lambda *given: opened.append(1) or real(*given))
    look()
    first = len(opened)
    look()
    # Where a row is not known again, answers that belong to no step are opened as ever.
    alone = 2 if engine.dialect.name == "postgresql" else 0
    assert first > alone
    assert len(opened) == first + alone


def test_a_value_that_was_changed_is_opened_anew(look, there, stored):
    assert look().draft == stored
    changed = replace(stored, answers={**stored.answers, "holder": "2"})
    with there.transaction(CODE) as work:
        assert work.drafts.refresh(changed)
    assert look().draft.answers["holder"] == "2"


def test_a_stale_value_would_be_noticed(look, there, stored, monkeypatch):
    """Control: what was opened is remembered by its place alone."""
    keys = there.keys
    monkeypatch.setattr(
        keys._opened, "get", lambda key: next((v for k, v in seen.items() if k[0] == key[0]), None)
    )
    seen: dict = {}
    monkeypatch.setattr(keys._opened, "put", seen.__setitem__)
    with pytest.raises(AssertionError):
        test_a_value_that_was_changed_is_opened_anew(look, there, stored)


def test_a_token_that_was_moved_is_opened_nowhere_else(look, engine):
    """Remembered at its own place, and still refused at another."""
    look()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            see_everywhere(connection)
        connection.exec_driver_sql("UPDATE web_session SET csrf_token = identity")
    with pytest.raises(Unreadable):
        look()


@only_sqlite
@pytest.mark.parametrize("is_known", [True, False])
def test_a_step_is_saved_in_one_statement_if_nothing_changed(
    there, look, save, now, monkeypatch, is_known
):
    ways = []
    real = store_module.save_step
    monkeypatch.setattr(store_module, "save_step", lambda *given: ways.append(1) or real(*given))
    edition = look().draft.edition if is_known else ()
    assert there.save_step(CODE, replace(save, edition=edition), now) is StepSaved.SAVED
    assert bool(ways) is not is_known
    assert look().draft.saves == {"person": 4}
    assert look().draft.answers["holder"] == "1"
    # What is known of the draft is old now.
    late = replace(save, edition=edition, answers={"holder": "9"})
    assert there.save_step(CODE, late, now) is StepSaved.OVERTAKEN
    assert look().draft.answers["holder"] == "1"


@only_sqlite
def test_what_was_just_saved_is_known_as_it_is_opened(there, look, save, now):
    """The draft that is remembered after saving is the one that anybody else would open."""
    looked = look().draft
    expected = replace(looked, answers={**looked.answers, "holder": "1"})
    expected.noted["about"] = "worked out"
    del expected.answers["consent"]
    known = replace(save, edition=looked.edition, expected=expected)
    assert there.save_step(CODE, known, now + HOUR / 2) is StepSaved.SAVED
    remembered = look().draft
    assert remembered.noted == {"about": "worked out"}
    there.keys._opened.clear()
    opened = look().draft
    assert (opened, opened.edition[-1]) == (remembered, remembered.edition[-1])
    assert opened is not remembered
    assert (opened.updated_at, opened.answers["holder"]) == (now + HOUR / 2, "1")


@only_sqlite
def test_what_was_worked_out_of_other_answers_is_not_taken_over(there, look, save, now):
    looked = look().draft
    expected = replace(looked, answers={**looked.answers, "holder": "2"})
    expected.noted["about"] = "worked out"
    known = replace(save, edition=looked.edition, expected=expected)
    assert there.save_step(CODE, known, now) is StepSaved.SAVED
    assert look().draft.noted == {}


@only_sqlite
def test_in_one_statement_only_ones_own_open_draft_is_saved(there, look, save, now):
    edition = look().draft.edition
    foreign = replace(save, edition=edition, owner=OTHER)
    assert there.save_step(CODE, foreign, now) is StepSaved.GONE
    with there.transaction(CODE) as work:
        work.drafts.mark_submitted("d1", "s1")
    mine = replace(save, edition=edition)
    assert there.save_step(CODE, mine, now) is StepSaved.SUBMITTED


@only_sqlite
@pytest.mark.parametrize("without", ["owner_index", "state", "steps"])
def test_a_condition_that_is_forgotten_would_be_noticed(
    there, look, save, now, monkeypatch, without
):
    """Control: the one statement asks for less."""
    statement = draft_steps._SAVE_UNCHANGED.statement
    conditions = statement.whereclause.clauses
    kept = [one for one in conditions if not str(one).startswith(f"draft.{without} ")]
    assert len(kept) == len(conditions) - 1
    names = ("answers", "steps", "updated_at")
    values = {name: sa.bindparam(f"new_{name}", type_=sa.Text) for name in names}
    blind = Prepared(sa.update(draft_table).where(*kept).values(values))
    monkeypatch.setattr(draft_steps, "_SAVE_UNCHANGED", blind)
    found_by = functools.partial(
        test_a_step_is_saved_in_one_statement_if_nothing_changed,
        monkeypatch=monkeypatch,
        is_known=True,
    )
    if without != "steps":
        found_by = test_in_one_statement_only_ones_own_open_draft_is_saved
    with pytest.raises(AssertionError):
        found_by(there, look, save, now)


def test_keys_that_change_make_forget(there, look):
    look()
    assert len(there.keys._opened)
    there.keys._take(there.keys._now)
    assert not len(there.keys._opened)
