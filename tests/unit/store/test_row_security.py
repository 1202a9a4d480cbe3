"""The second wall: PostgreSQL keeps municipalities apart whatever a statement says."""

from __future__ import annotations

import contextlib

import psycopg
import pytest
import sqlalchemy as sa

from selvbetjening_core.store.engine import downgrade, is_unguarded, open_engine, upgrade
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.store import SqlStore
from selvbetjening_core.store.tables import audit, metadata

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)

HERE, THERE = "0773", "0751"
_STRANGER = "stranger"
_GRANT = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};"
    " GRANT USAGE ON SCHEMA public TO {role}"
)
_SAY = sa.text("SELECT set_config('selvbetjening.municipality', :here, true)")
_WALLS = sa.text(
    "SELECT relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
    " WHERE relrowsecurity AND relforcerowsecurity AND polcmd = '*' AND polpermissive"
)


@pytest.fixture
def both(store, line, engine):
    """A line of the audit log in each of two municipalities."""
    with engine.begin() as connection:
        for code in (HERE, THERE):
            row = {**line, "municipality": code, "id": f"of-{code}"}
            connection.execute(sa.insert(audit), row)
    return store


@pytest.fixture
def stranger_url(engine):
    """A role that owns no table, and may use all of them."""
    url = str(engine.url.set(drivername="postgresql"))
    superior = url.replace("//plain@", "//postgres@")
    with psycopg.connect(superior, autocommit=True) as connection:
        with contextlib.suppress(psycopg.errors.DuplicateObject):
            connection.execute(f"CREATE ROLE {_STRANGER} LOGIN")
        connection.execute(_GRANT.format(role=_STRANGER))
    return url.replace("//plain@", f"//{_STRANGER}@")


@pytest.fixture(params=["owner", "stranger"])
def raw(request, url):
    """A connection of the driver's own, without a word of ours: as who owns the tables, or not."""
    address = url if request.param == "owner" else request.getfixturevalue("stranger_url")
    with psycopg.connect(address) as connection:
        yield connection


def say(connection, here):
    connection.execute("SELECT set_config('selvbetjening.municipality', %s, true)", (here,))


def test_there_is_no_table_without_the_wall(engine):
    with engine.connect() as connection:
        assert set(connection.execute(_WALLS).scalars()) == set(metadata.tables)
    assert all("municipality" in table.c for table in metadata.tables.values())


def test_it_is_not_there_for_the_servers_administrator(url, engine):
    assert not is_unguarded(engine)
    superior = open_engine(url.replace("//plain@", "//postgres@"))
    assert is_unguarded(superior)
    superior.dispose()


@pytest.mark.usefixtures("both")
def test_who_says_nothing_sees_nothing(raw):
    for table in metadata.tables:
        count = raw.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
        assert count.fetchone() == (0,)
    say(raw, "*")
    # Control: both are there.
    assert raw.execute("SELECT count(*) FROM audit").fetchone() == (2,)


@pytest.mark.usefixtures("both")
def test_rows_of_others_are_neither_read_nor_changed_nor_removed(raw):
    say(raw, HERE)
    assert raw.execute("SELECT id FROM audit").fetchall() == [("of-0773",)]
    assert raw.execute("UPDATE audit SET detail = 'seen'").rowcount == 1
    assert raw.execute("UPDATE audit SET detail = '' WHERE municipality = '0751'").rowcount == 0
    assert raw.execute("DELETE FROM audit").rowcount == 1
    say(raw, THERE)
    assert raw.execute("SELECT id, detail FROM audit").fetchall() == [("of-0751", "")]


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit SELECT '0751', 'new', at, event, subject, detail FROM audit",
        "UPDATE audit SET municipality = '0751'",
    ],
)
def test_nothing_is_put_into_another_municipality(raw, statement):
    say(raw, HERE)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        raw.execute(statement)


@pytest.mark.usefixtures("both")
def test_it_is_said_for_one_transaction_only(raw):
    say(raw, HERE)
    raw.commit()
    assert raw.execute("SELECT count(*) FROM audit").fetchone() == (0,)


def test_it_holds_when_our_own_condition_is_gone(both, monkeypatch):
    """The planted fault: every statement of ours is about all municipalities."""
    monkeypatch.setattr(Scope, "here", lambda *_: sa.true())
    for code in (HERE, THERE):
        with both.transaction(code) as work:
            assert [row["id"] for row in work._scope.rows(audit)] == [f"of-{code}"]
            assert work._scope.change(audit, detail=code)
    monkeypatch.undo()
    for code in (HERE, THERE):
        with both.transaction(code) as work:
            assert [row["detail"] for row in work._scope.rows(audit)] == [code]


def test_without_the_wall_it_would_not_hold(both, engine, monkeypatch):
    """Control for the one above."""
    with engine.begin() as connection:
        connection.execute(sa.text("DROP POLICY municipality_apart ON audit"))
        connection.execute(sa.text("ALTER TABLE audit NO FORCE ROW LEVEL SECURITY"))
        connection.execute(sa.text("ALTER TABLE audit DISABLE ROW LEVEL SECURITY"))
    monkeypatch.setattr(Scope, "here", lambda *_: sa.true())
    with both.transaction(HERE) as work:
        assert len(work._scope.rows(audit)) == 2


def test_who_must_see_all_is_told_so(both, monkeypatch):
    """Which municipalities there are. A transaction after it is one municipality's again."""
    assert both.municipalities() == [THERE, HERE]
    monkeypatch.setattr(Scope, "here", lambda *_: sa.true())
    with both.transaction(HERE) as work:
        assert len(work._scope.rows(audit)) == 1


@pytest.mark.usefixtures("both")
def test_an_application_that_owns_no_table(stranger_url, keys):
    """One role makes the tables, another works with them."""
    engine = open_engine(stranger_url)
    theirs = SqlStore(engine, keys)
    # As it does at its start: there is nothing to make.
    upgrade(engine)
    with theirs.transaction(HERE) as work:
        assert [row["id"] for row in work._scope.rows(audit)] == ["of-0773"]
    theirs.close()


@pytest.mark.usefixtures("both")
def test_down_and_up_again(engine):
    downgrade(engine, "0003")
    with engine.connect() as connection:
        assert connection.execute(_WALLS).all() == []
        connection.execute(_SAY, {"here": HERE})
        assert connection.execute(sa.text("SELECT count(*) FROM audit")).scalar() == 2
    upgrade(engine)
    with engine.connect() as connection:
        assert len(connection.execute(_WALLS).all()) == len(metadata.tables)
