"""What components keep between calls: each its own, in each municipality its own."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import component_value as table
from selvbetjening_core.values.settings import check_kept

if TYPE_CHECKING:
    from selvbetjening_core.store.store import SqlStore


class SqlComponentValues:
    """What the components of one municipality keep, in one transaction.

    A key may be a number that somebody is known by: it is stored as an index
    that only our own key can make, and the value can be opened under it alone.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, component: str, key: str, now: datetime.datetime) -> bytes | None:
        """What is under ``key`` and has not expired, or None."""
        row = self._scope.row(table, *self._at(component, key))
        if row is None or _is_over(row["expires_at"], now):
            return None
        text = self._scope.open(table, _cell(component, row["key_index"]), "value", row["value"])
        return base64.b64decode(text)

    def put(
        self, component: str, key: str, value: bytes, expires: datetime.datetime | None
    ) -> None:
        """Keep ``value``, in place of what was there."""
        row = self._row(component, key, value, expires)
        self._scope.put(table, row, replaced=("value", "expires_at"))

    def add(
        self,
        component: str,
        key: str,
        value: bytes,
        expires: datetime.datetime | None,
        now: datetime.datetime,
    ) -> bool:
        """Keep ``value`` unless there is something under ``key``: then False."""
        self.forget_expired(now)
        return self._scope.try_insert(table, self._row(component, key, value, expires))

    def remove(self, component: str, key: str) -> None:
        """Forget what is under ``key``, if anything."""
        self._scope.remove(table, *self._at(component, key))

    def forget_expired(self, now: datetime.datetime) -> None:
        """Remove all that has expired, of whichever component."""
        self._scope.forget(table, table.c.expires_at <= now)

    def _at(self, component: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
        index = self._index(component, key)
        return table.c.component == component, table.c.key_index == index

    def _index(self, component: str, key: str) -> str:
        # The component's part in it: two that use one key show nothing in common.
        text = json.dumps([component, key])
        return self._scope.keys.index_text(self._scope.municipality, table.name, text)

    def _row(
        self, component: str, key: str, value: bytes, expires: datetime.datetime | None
    ) -> dict[str, object]:
        index = self._index(component, key)
        text = base64.b64encode(value).decode()
        return {
            "component": component,
            "key_index": index,
            "value": self._scope.seal(table, _cell(component, index), "value", text),
            "expires_at": expires,
        }


def _cell(component: str, index: str) -> str:
    return f"{component}|{index}"


def _is_over(expires: datetime.datetime | None, now: datetime.datetime) -> bool:
    return expires is not None and expires <= now


class SqlComponentStore:
    """A :class:`~selvbetjening_core.values.ComponentStore` in the database.

    Every operation is a transaction of its own.
    """

    def __init__(
        self,
        store: SqlStore,
        municipality: str,
        component: str,
        now: Callable[[], datetime.datetime],
    ) -> None:
        self._store = store
        self._municipality = municipality
        self._component = component
        self._now = now

    def get(self, key: str) -> bytes | None:
        """What was kept under ``key`` and has not expired, or None."""
        with self._store.transaction(self._municipality) as work:
            return work.component_values.get(self._component, key, self._now())

    def put(self, key: str, value: bytes, expires: datetime.datetime | None = None) -> None:
        """Keep ``value`` under ``key``, in place of what was there.

        :raises ValueError: a limit is not kept to
        """
        check_kept(key, value, expires)
        with self._store.transaction(self._municipality) as work:
            work.component_values.forget_expired(self._now())
            work.component_values.put(self._component, key, value, expires)

    def add(self, key: str, value: bytes, expires: datetime.datetime | None = None) -> bool:
        """Keep ``value`` unless there is something under ``key``: then False. Atomic.

        :raises ValueError: a limit is not kept to
        """
        check_kept(key, value, expires)
        with self._store.transaction(self._municipality) as work:
            return work.component_values.add(self._component, key, value, expires, self._now())

    def remove(self, key: str) -> None:
        """Forget what is under ``key``, if anything."""
        with self._store.transaction(self._municipality) as work:
            work.component_values.remove(self._component, key)
