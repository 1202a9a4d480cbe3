from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from selvbetjening_core.store.engine import downgrade, open_engine, upgrade
from selvbetjening_core.store.tables import metadata


def _difference(engine, wanted):
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, wanted)


def _statements(engine):
    """Columns, keys and indexes by name; the order of columns apart, and Alembic's own left out.

    A column that came later is the last one in an old database alone.
    """
    with engine.begin() as connection:
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


def test_keys_and_partial_indexes_are_the_same_to_the_letter(engine, tmp_path):
    direct = open_engine(f"sqlite:///{tmp_path}/direct.db")
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


def test_up_down_up_on_a_filled_database(engine, store, submit, draft, delivery):
    submit("s1")
    with store.transaction("0773") as work:
        work.drafts.add(draft)
        work.deliveries.add(delivery)
        work.component_values.put("card", "token", b"1", None)
        work.tasks.claim("card", "settle", draft.created_at, draft.created_at)
    before = _statements(engine)
    upgrade(engine)
    with store.transaction("0773") as work:
        assert work.drafts.get("d1") == draft

    downgrade(engine, "0001")
    assert _difference(engine, metadata) != []
    upgrade(engine)
    assert _statements(engine) == before
    with store.transaction("0773") as work:
        assert work.drafts.get("d1") == draft
        assert work.deliveries.get("l1") == delivery
        assert not work.component_values.get("card", "token", draft.created_at)

    downgrade(engine)
    assert _statements(engine) == {}
    upgrade(engine)

    assert _statements(engine) == before
    with store.transaction("0773") as work:
        assert work.drafts.get("d1") is None
        work.drafts.add(draft)
