"""Acme, as small as it can be: what the conformance kit runs the plugin against.

It keeps its promises; whatever goes wrong on the way is done by the kit. Change
it along with ``index.py``, and let it do what Acme really does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given

TOKEN = "let me in"
ROWS = (
    {"id": "17", "title": "Havnegade 1, 7900 Nykøbing M", "kind": "house"},
    {"id": "18", "title": "Havnegade 2, 7900 Nykøbing M", "kind": "house"},
    {"id": "42", "title": "Jernbanevej 7, 7900 Nykøbing M", "kind": "town hall"},
)


class AcmeCounterpart(Counterpart):
    """A few rows, found by any part of their title."""

    def handle(self, asked: Asked) -> Given:
        """One request to Acme's interface."""
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Given(401)
        match asked.method, asked.path.strip("/").split("/"):
            case "GET", ["search"]:
                return _json({"rows": _found(asked.query["text"], int(asked.query["limit"]))})
            case "GET", ["rows", key]:
                row = next((row for row in ROWS if row["id"] == key), None)
                return Given(404) if row is None else _json(row)
        return Given(404)


def _found(text: str, limit: int) -> list[dict[str, str]]:
    return [row for row in ROWS if text.lower() in row["title"].lower()][:limit]


def _json(data: Mapping[str, object]) -> Given:
    return Given(200, json.dumps(data).encode(), {"Content-Type": "application/json"})
