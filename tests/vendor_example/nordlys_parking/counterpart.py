"""Nordlys, as small as it can be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given

PASSWORD = "aurora"


class Nordlys(Counterpart):
    """Applications in memory, and tokens that can be called in."""

    def __init__(self, password: str = PASSWORD) -> None:
        super().__init__()
        self._password = password
        self.tokens: list[str] = []
        self._permits: dict[str, str] = {}
        self._effects = Counter[str]()

    def handle(self, asked: Asked) -> Given:
        """One request."""
        match asked.method, asked.path:
            case "GET", "/status":
                return _json({"status": "ok"})
            case "GET", "/zones":
                return _json({"zones": ["Havnen", "Midtbyen"]})
            case "POST", "/tokens":
                return self._token(asked)
            case "POST", "/applications":
                return self._apply(asked)
        return Given(404)

    def call_in_tokens(self) -> None:
        """No token that was given is good any more."""
        self.tokens.clear()

    def forget(self) -> None:
        """Lose every application."""
        self._permits.clear()
        self._effects.clear()

    def effects(self, key: str) -> int:
        """How many applications there are for the parcel with this key."""
        return self._effects[key]

    def _token(self, asked: Asked) -> Given:
        if json.loads(asked.body)["password"] != self._password:
            return Given(403)
        self.tokens.append(f"token-{len(self.requests)}")
        return _json({"token": self.tokens[-1]})

    def _apply(self, asked: Asked) -> Given:
        given = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if given not in self.tokens:
            return Given(401)
        key = asked.headers["idempotency-key"]
        if key not in self._permits:
            self._permits[key] = f"P-{len(self._permits) + 1}"
            self._effects[key] += 1
        return _json({"permit": self._permits[key]}, 201)


def _json(data: Mapping[str, object], status: int = 200) -> Given:
    return Given(status, json.dumps(data).encode(), {"Content-Type": "application/json"})
