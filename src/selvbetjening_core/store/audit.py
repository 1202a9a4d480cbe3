"""The audit log. There is no way here to change or remove a line."""

from __future__ import annotations

import datetime
import secrets
import time
from collections.abc import Sequence

from selvbetjening_core.journey.records import AuditLine
from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import audit as table


class SqlAudit:
    """The audit log of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(
        self,
        event: str,
        subject: str,
        now: datetime.datetime,
        detail: str = "",
        *,
        actor: str = "",
    ) -> None:
        """One line. ``subject`` is an id; no personal data of citizens in any of it.

        :param actor: the member of staff, by the name they log in with; empty: the
            application itself, or a citizen
        """
        # The id begins with the time of writing, so that ids sort as lines were written.
        line_id = f"{time.time_ns():016x}{secrets.token_hex(8)}"
        row = {"event": event, "subject": subject, "detail": detail, "actor": actor}
        self._scope.insert(table, {"id": line_id, "at": now, **row})

    def about(self, *subjects: str) -> Sequence[AuditLine]:
        """What was done about these, first to last."""
        rows = self._scope.rows(table, table.c.subject.in_(subjects), order=(table.c.id,))
        return [
            AuditLine(row["at"], row["event"], row["subject"], row["detail"], row["actor"])
            for row in rows
        ]
