"""The other ends of deliveries: paused by a person, or resting because they fail.

A receiver without a row is one nothing was ever decided about. The row is made
when it is first needed.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import sqlalchemy as sa

from selvbetjening_core.journey.records import Receiver
from selvbetjening_core.store.new_rows import new_row_if_free
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import receiver as table

_NEW = {"paused_by": "", "pause_reason": "", "failures": 0}

# Built once: building them takes longer than carrying them out.
_THIS = (table.c.municipality == sa.bindparam("here"), table.c.component == sa.bindparam("name"))
_GET = sa.select(table).where(*_THIS)
_LOCK = _GET.with_for_update()
_LOCK_FOR_CLAIM = _LOCK.add_columns(sa.func.set_config("synchronous_commit", "off", True))  # noqa: FBT003 - an argument of the database's
_ALL = (
    sa.select(table).where(table.c.municipality == sa.bindparam("here")).order_by(table.c.component)
)
_SUCCEEDED = (
    sa.update(table).where(*_THIS, table.c.failures > 0).values(failures=0, rests_until=None)
)


class SqlReceivers:
    """Receivers of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, component: str) -> Receiver:
        """What was decided about it; nothing, where nothing was."""
        row = self._scope.run(_GET, name=component).mappings().one_or_none()
        return Receiver(component) if row is None else _receiver(row)

    def all(self) -> Sequence[Receiver]:
        """All about which anything was ever decided, by name."""
        return [_receiver(row) for row in self._scope.run(_ALL).mappings()]

    def lock(self, component: str) -> Receiver:
        """As :meth:`get`; nobody else locks or changes it before this transaction ends."""
        row = self._locked(component)
        if row is None:
            self._make(component)
            row = self._locked(component)
        return Receiver(component) if row is None else _receiver(row)

    def lock_for_claim(self, component: str) -> Receiver:
        """As :meth:`lock`, for a transaction that does no more than claim.

        On PostgreSQL its commit is not waited for until it is on the disk. A claim
        that a crash of the database takes back was none: nothing is begun before
        an attempt is stored, which lasts only if the claim does.
        """
        if self._scope.connection.dialect.name != "postgresql":
            return self.lock(component)
        row = self._scope.run(_LOCK_FOR_CLAIM, name=component).mappings().one_or_none()
        return self.lock(component) if row is None else _receiver(row)

    def pause(self, component: str, by: str, reason: str, now: datetime.datetime) -> bool:
        """Nothing is attempted from now on. False, and nothing changed, if it is paused."""
        self._make(component)
        return self._scope.change(
            table,
            table.c.component == component,
            table.c.paused_at.is_(None),
            paused_at=now,
            paused_by=by,
            pause_reason=reason,
        )

    def resume(self, component: str, now: datetime.datetime) -> bool:
        """Let it go on, at once: a rest ends as well. False if it neither paused nor rested."""
        return self._scope.change(
            table,
            table.c.component == component,
            sa.or_(table.c.paused_at.is_not(None), table.c.rests_until.is_not(None)),
            paused_at=None,
            paused_by="",
            pause_reason="",
            failures=0,
            rests_until=None,
            resumed_at=now,
        )

    def failed(self, component: str, rests_until: datetime.datetime | None) -> None:
        """One more failure in a row; it rests until then (None: not yet). Lock it first."""
        self._scope.change(
            table,
            table.c.component == component,
            failures=table.c.failures + 1,
            rests_until=rests_until,
        )

    def succeeded(self, component: str) -> None:
        """It answered: it has not failed in a row, and rests no more."""
        self._scope.run(_SUCCEEDED, name=component)

    def _locked(self, component: str) -> sa.RowMapping | None:
        return self._scope.run(_LOCK, name=component).mappings().one_or_none()

    def _make(self, component: str) -> None:
        """The row, whoever else makes it at the same moment."""
        row = {"municipality": self._scope.municipality, "component": component, **_NEW}
        connection = self._scope.connection
        connection.execute(new_row_if_free(table, connection.dialect.name).values(row))


def _receiver(row: sa.RowMapping) -> Receiver:
    return Receiver(**{name: row[name] for name in Receiver.__dataclass_fields__})
