"""When the tasks of components are due, and which process has one in hand."""

from __future__ import annotations

import datetime

import sqlalchemy as sa

from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import task as table


class SqlTasks:
    """Tasks of the components of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def claim(
        self, component: str, task: str, now: datetime.datetime, lease_until: datetime.datetime
    ) -> bool:
        """Take a task that is due. False if it is not, or another process has it.

        One that was never seen before is due at once.
        """
        # One statement each: of two processes, one changes the row.
        if self._scope.change(
            table,
            *_this(component, task),
            table.c.due_at <= now,
            sa.or_(table.c.lease_until.is_(None), table.c.lease_until <= now),
            lease_until=lease_until,
        ):
            return True
        if self._scope.has(table, *_this(component, task)):
            return False
        row = {"component": component, "name": task, "due_at": now, "lease_until": lease_until}
        return self._scope.try_insert(table, row)

    def done(
        self,
        component: str,
        task: str,
        lease_until: datetime.datetime,
        due_at: datetime.datetime,
    ) -> None:
        """Give it back, due again then. Nothing if another process has taken it over."""
        self._scope.change(
            table,
            *_this(component, task),
            table.c.lease_until == lease_until,
            due_at=due_at,
            lease_until=None,
        )


def _this(component: str, task: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.component == component, table.c.name == task
