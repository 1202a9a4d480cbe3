"""An index that is partial in SQLite is so in PostgreSQL, and on the same condition."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex

from selvbetjening_core.store.postgresql_dialect import Dialect, _keep_partial
from selvbetjening_core.store.tables import metadata

INDEXES = sorted(
    (index for table in metadata.tables.values() for index in table.indexes),
    key=lambda index: str(index.name),
)


def condition(index, dialect):
    """What stands after WHERE; empty where the index is of all rows."""
    _, _, told = str(CreateIndex(index).compile(dialect=dialect)).partition(" WHERE ")
    return told


def test_there_are_partial_ones():
    assert sum(bool(condition(index, sqlite.dialect())) for index in INDEXES) > 3


@pytest.mark.parametrize("index", INDEXES, ids=lambda index: str(index.name))
def test_the_condition_is_the_same(index):
    assert condition(index, Dialect()) == condition(index, sqlite.dialect())


def test_what_is_not_kept_would_be_seen():
    one = sa.Column("one", sa.Integer)
    tables = sa.MetaData()
    table = sa.Table("planted", tables, one, sa.Index("i", "one", sqlite_where=one.is_(None)))
    (index,) = table.indexes
    assert condition(index, Dialect()) != condition(index, sqlite.dialect())
    _keep_partial(tables)
    assert condition(index, Dialect()) == condition(index, sqlite.dialect())
