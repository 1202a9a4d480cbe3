"""Acme's own protocol: the four methods you fill in.

They talk to the counterpart in this package as they stand, so that everything
is green before you change the first line. Keep the names and what goes in and
out; change how each says it to Acme, one at a time, and the same thing in
``counterpart.py``.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import CaseState, StatusRequest

from acme_plugin.wire import Wire

Row = Mapping[str, Any]

# Acme's words for how far a case is, and ours.
_STATES = {
    "new": CaseState.RECEIVED,
    "open": CaseState.IN_PROGRESS,
    "waiting": CaseState.WAITS_FOR_CITIZEN,
    "decided": CaseState.DECIDED,
    "closed": CaseState.CLOSED,
}


class Cases:
    """Acme's cases, as one municipality may see them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def ask(self, request: StatusRequest) -> Row | None:
        """What Acme has of the case, found by our key; None if nothing. No effect.

        :raises Unavailable: no answer, or not a proper one
        """
        answer = self._wire.ask("GET", f"/cases/{quote(request.key, safe='')}")
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise Unavailable(f"Acme answered {answer.status} about a case")
        return answer.data

    def state(self, row: Row) -> CaseState:
        """How far it is.

        :raises KeyError, TypeError: the row is not as agreed
        """
        return _STATES[row["state"]]

    def sentence(self, row: Row, locale: str) -> str:
        """Acme's own sentence for the citizen, in this language; empty if it has none.

        :raises KeyError: the row is not as agreed
        """
        return str(row["text"].get(locale, ""))

    def changed_at(self, row: Row) -> datetime.datetime | None:
        """When it was last changed, in UTC; None where Acme does not say.

        :raises KeyError, TypeError, ValueError: the row is not as agreed
        """
        told = row["changed_at"]
        if told is None:
            return None
        return datetime.datetime.fromisoformat(told).astimezone(datetime.UTC)
