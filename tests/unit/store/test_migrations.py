"""The way from one form of the tables to another and back, in both databases, with rows in them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from selvbetjening_core.journey import enquiry
from selvbetjening_core.journey.records import Attempt, DeliveryState, WebSession
from selvbetjening_core.journey.visits import StepSaved, StepToSave
from selvbetjening_core.store.engine import (
    downgrade,
    newest_revision,
    open_engine,
    revision_of,
    upgrade,
)
from selvbetjening_core.store.tables import metadata
from selvbetjening_core.values import Outcome, OutcomeKind

_POSTGRESQL = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def _difference(engine, wanted):
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, wanted)


def _statements(engine):
    """Columns, keys and indexes by name; the order of columns apart, and Alembic's own left out.

    A column that came later is the last one in an old database alone.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            return _of_sqlite(connection)
        found = {
            what: {tuple(row) for row in connection.exec_driver_sql(question)}
            for what, question in _POSTGRESQL.items()
        }
        return {
            what: {row for row in rows if not row[0].startswith("alembic_")}
            for what, rows in found.items()
            if rows
        }


def _of_sqlite(connection):
    rows = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master")
    found = [row for row in rows if not row.tbl_name.startswith(("alembic_", "sqlite_"))]
    tables = {row.name: _columns(connection, row.name) for row in found if row.type == "table"}
    return tables | {row.name: row.sql for row in found if row.type == "index"}


def _columns(connection, table):
    columns = connection.exec_driver_sql(f"PRAGMA table_info({table})")
    keys = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})")
    return sorted(tuple(row)[1:] for row in columns), sorted(map(tuple, keys))


def test_the_migrations_lead_to_the_tables_in_the_code(engine):
    assert _difference(engine, metadata) == []


def test_a_forgotten_column_would_be_seen(engine):
    changed = sa.MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        table.to_metadata(changed)
    changed.tables["draft"].append_column(sa.Column("forgotten", sa.String))
    assert [one[0] for one in _difference(engine, changed)] == ["add_column"]


@pytest.fixture
def second_url(engine, tmp_path, request):
    """Another database of the same kind, empty."""
    if engine.dialect.name == "sqlite":
        return f"sqlite:///{tmp_path}/second.db"
    return request.getfixturevalue("postgres").new_database()


def test_keys_and_partial_indexes_are_the_same_to_the_letter(engine, second_url):
    direct = open_engine(second_url)
    with direct.begin() as connection:
        metadata.create_all(connection)
    assert _statements(engine) == _statements(direct)
    direct.dispose()


def test_the_municipality_comes_first_in_every_key():
    for table in metadata.tables.values():
        assert table.primary_key.columns.keys()[0] == "municipality"
        for constraint in table.constraints:
            assert constraint.columns.keys()[0] == "municipality"
        for index in table.indexes:
            assert index.columns.keys()[0] == "municipality"


@pytest.fixture
def filled(store, submit, draft, delivery, payment, identity, now):
    """Rows in every table that there was from the first."""
    submit("s1")
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        work.payments.add(payment)
        first = replace(delivery, state=DeliveryState.WAITING)
        work.deliveries.add(first)
        second = replace(first, id="l2", key="l2", destination="notification", position=1)
        work.deliveries.add(replace(second, after="case_system"))
        work.deliveries.begin_attempt(Attempt("l1", 1, "folder", "1", now))
        work.deliveries.end_attempt("l1", 1, Outcome(OutcomeKind.TRANSIENT, "busy"), now)
        work.sessions.add(WebSession("h", "c", identity, now, now))
        work.counts.started("s", "1", "self_service", now.date())
        work.audit.add("submitted", "s1", now)
        work.component_values.put("card", "token", b"1", None)
        work.tasks.claim("card", "settle", now, now)


def _rows(engine):
    """What the tables hold that there were from the first, by table and column."""
    names = sorted(set(sa.inspect(engine).get_table_names()) - {"alembic_version"})
    found = {}
    with engine.begin() as connection:
        for name in names:
            rows = connection.execute(sa.text(f"SELECT * FROM {name}")).mappings().all()  # noqa: S608 - a name of our own
            found[name] = {
                column: sorted(str(row[column]) for row in rows) for column in (rows or [{}])[0]
            }
    return found


def _within(smaller, larger):
    return all(
        larger[table][column] == values
        for table, columns in smaller.items()
        for column, values in columns.items()
    )


@pytest.mark.usefixtures("filled")
def test_down_and_up_again_on_a_filled_database(engine, store, draft):
    before, rows = _statements(engine), _rows(engine)
    upgrade(engine)
    assert _rows(engine) == rows

    downgrade(engine, "0001")
    first = _rows(engine)
    assert {"component_value", "task", "receiver", "staff_session"}.isdisjoint(first)
    assert _within(first, rows)
    assert _difference(engine, metadata) != []

    upgrade(engine)
    assert _statements(engine) == before
    assert revision_of(engine) == newest_revision()
    # Down once more and up: an old database takes the same way as a new one.
    downgrade(engine, "0001")
    assert _rows(engine) == first
    upgrade(engine)
    assert _within(first, _rows(engine))
    with store.transaction("0773") as work:
        assert work.drafts.get("d1") == draft
        assert work.deliveries.get("l2").waits_for == "case_system"
        assert work.deliveries.get("l1").waits_for == ""
        assert not work.component_values.get("card", "token", draft.created_at)
    with engine.begin() as connection:
        code = connection.exec_driver_sql("SELECT enquiry_code FROM submission").scalar()
    assert code == enquiry.enquiry_code("d-s1")


@pytest.mark.usefixtures("filled")
def test_down_to_nothing_and_up(engine, store, draft):
    before = _statements(engine)
    downgrade(engine)
    assert not any(_statements(engine).values())
    assert revision_of(engine) == ""
    upgrade(engine)
    assert _statements(engine) == before
    with store.transaction("0773") as work:
        assert work.drafts.get("d1") is None
        work.drafts.add(draft)


def test_a_draft_from_before_goes_on_and_one_by_steps_is_asked_again_on_the_way_back(
    engine, store, draft, now
):
    with store.transaction("0773") as work:
        work.drafts.add(draft)
    downgrade(engine, "0004")
    upgrade(engine)
    save = StepToSave("d1", draft.identity.cpr, "s", frozenset({"holder"}), {"holder": "1"}, 0)
    with store.transaction("0773") as work:
        assert work.drafts.get("d1") == draft
    assert store.save_step("0773", save, now) is StepSaved.SAVED
    with store.transaction("0773") as work:
        assert work.drafts.get("d1").answers == {**draft.answers, "holder": "1"}
    downgrade(engine, "0004")
    upgrade(engine)
    with store.transaction("0773") as work:
        found = work.drafts.get("d1")
    rest = {name: value for name, value in draft.answers.items() if name != "holder"}
    assert found == replace(draft, answers=rest)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("way", ["up", "down"])
def test_a_change_that_fails_in_the_middle_leaves_what_was(engine, monkeypatch, way):
    """The failure comes when tables have been made and columns added already."""
    if way == "up":
        downgrade(engine, "0002")
    before, rows, revision = _statements(engine), _rows(engine), revision_of(engine)

    def fail(*_, **__):
        raise OSError("no more")

    seen = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement.split()[0])
        if way == "down" and statement.strip().startswith("DROP TABLE"):
            raise OSError("no more")

    sa.event.listen(engine, "before_cursor_execute", note)
    if way == "up":
        monkeypatch.setattr(enquiry, "enquiry_code", fail)
    with pytest.raises(OSError, match="no more"):
        upgrade(engine) if way == "up" else downgrade(engine, "0002")
    sa.event.remove(engine, "before_cursor_execute", note)
    monkeypatch.undo()
    assert {"CREATE", "ALTER"} & set(seen)
    assert (_statements(engine), _rows(engine), revision_of(engine)) == (before, rows, revision)
    upgrade(engine)
    assert revision_of(engine) == newest_revision()


_UPGRADES = """
import sys
from selvbetjening_core.store.engine import open_engine, upgrade
sys.stdin.readline()
upgrade(open_engine(sys.argv[1]))
"""


def test_processes_that_start_at_once_make_the_tables_once(engine, second_url):
    """Nobody fails, nobody does it twice."""
    command = [sys.executable, "-c", _UPGRADES, second_url]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in started]
    assert ends == [("", 0)] * 3
    second = open_engine(second_url)
    assert _statements(second) == _statements(engine)
    second.dispose()
