"""Acme, as small as it can be: what the conformance kit runs the plugin against.

It keeps its promises; whatever goes wrong on the way is done by the kit. Change
it along with ``cases.py``, and let it do what Acme really does.
"""

from __future__ import annotations

import json
from typing import Any

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given
from selvbetjening_core.values import CaseState, CaseStatus, StatusRequest

TOKEN = "let me in"

_WORDS = {
    CaseState.RECEIVED: "new",
    CaseState.IN_PROGRESS: "open",
    CaseState.WAITS_FOR_CITIZEN: "waiting",
    CaseState.DECIDED: "decided",
    CaseState.CLOSED: "closed",
}


class AcmeCounterpart(Counterpart):
    """Cases in memory, found by our key."""

    def __init__(self) -> None:
        super().__init__()
        self._cases: dict[str, dict[str, Any]] = {}

    def handle(self, asked: Asked) -> Given:
        """One request to Acme's interface."""
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Given(401)
        match asked.method, asked.path.strip("/").split("/"):
            case "GET", ["cases", key] if key in self._cases:
                body = json.dumps(self._cases[key]).encode()
                return Given(200, body, {"Content-Type": "application/json"})
        return Given(404)

    def has_case(self, request: StatusRequest, status: CaseStatus) -> None:
        """From now on Acme has the case, and it stands so."""
        case = self._cases.setdefault(request.key, {"text": {}})
        case["state"] = _WORDS[status.state]
        case["text"] = {**case["text"], request.locale: status.text}
        case["changed_at"] = status.changed_at and status.changed_at.isoformat()
