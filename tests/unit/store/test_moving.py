"""Everything moves, in both directions, and what went wrong on the way is found."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
import sqlalchemy as sa

from selvbetjening_core.errors import NotMoved, StoreUnavailable
from selvbetjening_core.journey.records import Attempt, WebSession
from selvbetjening_core.store import moving
from selvbetjening_core.store.engine import (
    downgrade,
    newest_revision,
    open_engine,
    revision_of,
    upgrade,
)
from selvbetjening_core.store.moving import move
from selvbetjening_core.store.postgresql import EVERYWHERE
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import audit, metadata
from selvbetjening_core.values import Outcome, OutcomeKind

LINES = 2500


@pytest.fixture
def target(url, tmp_path, request):
    """An empty database of the other kind."""
    if url.startswith("sqlite"):
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path}/target.db"


@pytest.fixture
def filled(store, engine, submit, draft, accepted, delivery, payment, now):
    """Rows in every table, and more than one batch in one."""
    later = now + datetime.timedelta(hours=1)
    submit("s1")
    submit("s1", "0851")
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        work.drafts.freeze("d1", accepted, "p1")
        work.payments.add(replace(payment, created_at=now.replace(microsecond=123456)))
        work.deliveries.add(delivery)
        work.deliveries.begin_attempt(Attempt("l1", 1, "folder", "1", now))
        work.deliveries.end_attempt("l1", 1, Outcome(OutcomeKind.TRANSIENT, "busy"), now)
        work.sessions.add(WebSession("h", "c", draft.identity, now, later))
        work.sessions.remember_assertion("i", "a", later)
        work.counts.started("s", "1", "self_service", now.date())
        work.component_values.put("card", "token", b"1", None)
        work.tasks.claim("card", "settle", now, later)
        for number in range(LINES):
            work.audit.add("event", f"Øst ß {number}", now)
    _fill_what_is_left(engine)
    engine.dispose()
    return store


def _fill_what_is_left(engine):
    """A row in each table that has none, whatever its columns are."""
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    kinds = {str: "x", int: 7, object: moment, datetime.date: moment.date(), dict: {}}
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(sa.select(table)).first() is None:
                row = {one.name: kinds[one.type.python_type] for one in table.columns}
                connection.execute(sa.insert(table), {**row, "municipality": "0773"})


def _silent(*_):
    pass


def _content(url):
    """All rows, as plain words."""
    engine = open_engine(url)
    sa.event.listen(engine, "begin", lambda one: one.info.setdefault("municipality", EVERYWHERE))
    with engine.connect() as connection:
        found = {
            table.name: sorted(
                str(sorted(row.items()))
                for row in connection.execute(sa.select(table)).mappings().all()
            )
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


@pytest.mark.usefixtures("filled")
def test_everything_moves(url, target, keys, draft, case):
    before = _content(url)
    told = []
    moved = move(url, target, lambda *one: told.append(one))
    assert all(before.values())
    assert _content(target) == before
    assert _content(url) == before
    assert {name: one.rows for name, one in moved.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert [one[1:] for one in told if one[0] == "audit"] == [
        (1000, LINES),
        (2000, LINES),
        (LINES, LINES),
    ]

    engine = open_engine(target)
    assert revision_of(engine) == newest_revision()
    with SqlStore(engine, keys).transaction("0773") as work:
        # What is sealed can be opened there, with the same keys.
        assert work.drafts.get("d1").answers == draft.answers
        assert work.submissions.get("s1").parties == case.parties
    engine.dispose()


@pytest.mark.usefixtures("filled")
def test_there_and_back_again(url, target, tmp_path, request):
    before = move(url, target, _silent)
    back = f"sqlite:///{tmp_path}/back.db"
    if not url.startswith("sqlite"):
        back = request.getfixturevalue("postgres").new_database()
    assert move(target, back, _silent) == before
    assert _content(back) == _content(url)


def _faults():
    def changed(row):
        return {**row, "subject": row["subject"] + "!"}

    def later(row):
        return {**row, "at": row["at"] + datetime.timedelta(microseconds=1)}

    def swapped(row):
        return {**row, "subject": row["event"], "event": row["subject"]}

    return {"changed": changed, "later": later, "swapped": swapped}


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("fault", _faults())
def test_a_row_that_changes_on_the_way_is_found(url, target, monkeypatch, fault):
    """And nothing is left in the target. Control: without it, it moves."""
    spoilt = []

    def spoil_one(statement, rows):
        if statement.table is audit and not spoilt:
            spoilt.append(rows[0])
            return [_faults()[fault](rows[0]), *rows[1:]]
        return rows

    execute = sa.Connection.execute

    def on_the_way(self, statement, parameters=None, **other):
        if isinstance(statement, sa.Insert) and isinstance(parameters, list):
            parameters = spoil_one(statement, parameters)
        return execute(self, statement, parameters, **other)

    monkeypatch.setattr(sa.Connection, "execute", on_the_way)
    with pytest.raises(NotMoved, match="audit does not hold the same"):
        move(url, target, _silent)
    assert spoilt
    monkeypatch.undo()
    assert move(url, target, _silent)


@pytest.mark.usefixtures("filled")
def test_a_row_that_is_lost_on_the_way_is_found(url, target, monkeypatch):
    batches = moving._batches
    seen = []

    def lose(table, connection):
        for batch in batches(table, connection):
            seen.append(table.name)
            # The second time it is read, it is the target that is.
            yield batch[1:] if seen.count(table.name) > 3 and table is audit else batch

    monkeypatch.setattr(moving, "_batches", lose)
    with pytest.raises(NotMoved, match="audit has 2497 rows in the target, not 2500"):
        move(url, target, _silent)
    monkeypatch.undo()
    assert move(url, target, _silent)


@pytest.mark.usefixtures("filled")
def test_what_is_broken_off_leaves_nothing(url, target):
    def fail(table, *_):
        if table == "audit":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(url, target, fail)
    assert move(url, target, _silent)


@pytest.mark.usefixtures("filled")
def test_a_target_that_is_not_empty_is_refused(url, target):
    move(url, target, _silent)
    before = _content(target)
    with pytest.raises(NotMoved, match=r"the target is not empty: there are rows in .*audit"):
        move(url, target, _silent)
    assert _content(target) == before


@pytest.mark.usefixtures("filled")
def test_tables_without_rows_are_no_hindrance(url, target):
    """Somebody has looked into it with ``database check`` or ``counts``."""
    engine = open_engine(target)
    upgrade(engine)
    engine.dispose()
    assert move(url, target, _silent)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("which", ["source", "target"])
def test_one_that_somebody_is_at_is_refused(url, target, which):
    """Also somebody who does nothing at the moment, as a server does at night."""
    at = open_engine(url if which == "source" else target)
    with at.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.commit()
        with pytest.raises(NotMoved, match=f"the {which} is in use.*: stop every serve and worker"):
            move(url, target, _silent)
    at.dispose()
    assert move(url, target, _silent)


@pytest.mark.usefixtures("filled")
def test_nobody_can_write_meanwhile(url, target):
    tried = []

    def write(table, done, total):
        if table == "audit" and done == total:
            tried.append(_write(url))

    move(url, target, write)
    assert tried == ["refused"]


def _write(url):
    """As a server does that is started while the copy is made."""
    try:
        if url.startswith("sqlite"):
            path = url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=0.2)) as connection:
                connection.execute("DELETE FROM audit")
        else:
            with psycopg.connect(url, options="-c lock_timeout=200") as connection:
                connection.execute("DELETE FROM audit")
    except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
        return "refused"
    return "written"


@pytest.mark.usefixtures("filled")
def test_an_older_source_is_moved_and_stays_as_it_was(url, engine, target):
    downgrade(engine, "0002")
    engine.dispose()
    move(url, target, _silent)
    assert revision_of(engine) == "0002"
    engine.dispose()


def test_what_cannot_be_moved(url, target, tmp_path):
    with pytest.raises(NotMoved, match="the same database"):
        move(url, url, _silent)
    with pytest.raises(NotMoved, match="no file at the source"):
        move(f"sqlite:///{tmp_path}/nowhere.db", target, _silent)
    assert not (tmp_path / "nowhere.db").exists()
    with pytest.raises(ValueError, match="must be sqlite"):
        move(url, "selvbetjening", _silent)


def test_a_server_that_is_not_there(url, engine):
    engine.dispose()
    with pytest.raises(StoreUnavailable, match=r"cannot be reached: .*refused"):
        move(url, "postgresql://nobody@127.0.0.1:9/none", _silent)


def test_the_hash_is_of_what_is_there_in_whatever_order(now):
    row = {column.name: "" for column in audit.columns} | {"municipality": "0773", "at": now}
    rows = [{**row, "id": f"{number}"} for number in range(3)]
    empty = moving.Content(0, "0" * 64)
    there = moving._with(empty, audit, rows)
    assert there == moving._with(moving._with(empty, audit, rows[2:]), audit, rows[:2])
    assert there != moving._with(empty, audit, [*rows[:2], rows[1]])
