"""The audit log. There is no way here to change or remove a line."""

from __future__ import annotations

import datetime
import secrets
import time

from selvbetjening_core.store.scope import Scope
from selvbetjening_core.store.tables import audit as table


class SqlAudit:
    """The audit log of one municipality, in one transaction."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, event: str, subject: str, now: datetime.datetime, detail: str = "") -> None:
        """One line. ``subject`` is an id; no personal data in any of it."""
        # The id begins with the time of writing, so that ids sort as lines were written.
        line_id = f"{time.time_ns():016x}{secrets.token_hex(8)}"
        self._scope.insert(
            table, {"id": line_id, "at": now, "event": event, "subject": subject, "detail": detail}
        )
