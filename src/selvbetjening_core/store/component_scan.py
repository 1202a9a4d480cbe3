"""Which components have deliveries of a kind: read from an index, one row of each.

However many rows there are, only the first of each component is looked at.
"""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa

from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import delivery as table

T = TypeVar("T")


def components_with(scope: Scope, kind: sa.ColumnElement[bool], *order: sa.Column[Any]) -> sa.CTE:
    """The components that have rows of this kind, and a last row that is NULL.

    :param kind: the condition of a partial index that begins with municipality and
        component
    :param order: the other columns of that index; a database has no other to choose
        then
    """
    first = first_of(scope, kind, table.c.component, *order).label("component")
    seen = sa.select(first).cte("seen", recursive=True)
    later = first_of(
        scope, sa.and_(kind, table.c.component > seen.c.component), table.c.component, *order
    )
    return seen.union_all(sa.select(later).where(seen.c.component.is_not(None)))


def first_of(
    scope: Scope, kind: sa.ColumnElement[bool], column: sa.Column[T], *order: sa.Column[Any]
) -> sa.ScalarSelect[T]:
    """The value of a column in the first of these rows."""
    statement = sa.select(column).where(scope.here(table), kind)
    return statement.order_by(table.c.component, *order).limit(1).scalar_subquery()
