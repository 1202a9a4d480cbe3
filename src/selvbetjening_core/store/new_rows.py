"""Statements that add rows, each built once.

Building a statement takes SQLAlchemy longer than the database takes to carry it
out, and SUBMIT adds several rows.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


@functools.cache
def new_row(table: sa.Table) -> sa.Insert:
    """Add a row."""
    return sa.insert(table)


@functools.cache
def new_row_if_free(table: sa.Table, dialect: str) -> sa.Insert:
    """Add a row unless a key of it is taken."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return _for_postgresql(table).on_conflict_do_nothing()


@functools.cache
def put_row(
    table: sa.Table, dialect: str, replaced: tuple[str, ...], added: tuple[str, ...]
) -> sa.Insert:
    """Add a row; where its primary key is taken, replace some columns and add to others."""
    # The words are the same in both databases; SQLAlchemy has them once for each.
    new = sqlite.insert(table) if dialect == "sqlite" else _for_postgresql(table)
    changes: dict[str, Any] = {name: new.excluded[name] for name in replaced}
    changes |= {name: table.c[name] + new.excluded[name] for name in added}
    return new.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=changes)


def _for_postgresql(table: sa.Table) -> postgresql.Insert:
    # Large, and nothing to those who keep everything in SQLite.
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)
