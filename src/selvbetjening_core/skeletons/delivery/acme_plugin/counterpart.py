"""Acme, as small as it can be: what the conformance kit runs the plugin against.

It keeps its promises; whatever goes wrong on the way is done by the kit. Change
it along with ``intake.py``, and let it do what Acme really does.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
from collections import Counter

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given
from selvbetjening_core.values import Message

from acme_plugin.intake import SIGNATURE_HEADER

TOKEN = "let me in"
MESSAGE_SECRET = "signed by Acme"


class AcmeCounterpart(Counterpart):
    """Cases in memory, found by our key. Each is taken at once, and done later."""

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self._token = token
        self._cases: dict[str, dict[str, str]] = {}
        self._effects = Counter[str]()
        self._attachments: dict[str, list[bytes]] = {}

    # -- what a plugin asks ------------------------------------------------

    def handle(self, asked: Asked) -> Given:
        """One request to Acme's interface."""
        if asked.headers.get("authorization") != f"Bearer {self._token}":
            return Given(401)
        match asked.method, asked.path.strip("/").split("/"):
            case "POST", ["cases"]:
                return self._take(asked)
            case "GET", ["cases", key]:
                return self._case(key)
        return Given(404)

    def forget(self) -> None:
        """Lose every case."""
        self._cases.clear()
        self._effects.clear()

    # -- what the kit asks -------------------------------------------------

    def effects(self, key: str) -> int:
        """How many cases there are for the parcel with this key."""
        return self._effects[key]

    def attachments(self, key: str) -> list[bytes]:
        """What is in the files that were attached to the parcel with this key."""
        return self._attachments[key]

    def message(self, key: str) -> Message:
        """What Acme sends when it is done with the parcel."""
        self._cases[key]["state"] = "done"
        return self.proven(json.dumps({"key": key, **self._cases[key]}).encode())

    def proven(self, body: bytes) -> Message:
        """A message with this body, signed as Acme signs."""
        proof = hmac.new(MESSAGE_SECRET.encode(), body, hashlib.sha256).hexdigest()
        now = datetime.datetime.now(datetime.UTC)
        return Message(f"{self.url}/", "POST", {}, {SIGNATURE_HEADER: proof}, body, now)

    # -- how ---------------------------------------------------------------

    def _take(self, asked: Asked) -> Given:
        key = asked.headers.get("idempotency-key", "")
        told = json.loads(asked.body)
        if not key or not told["case"]["receipt_number"]:
            return Given(422)
        if key not in self._cases:
            attached = [base64.b64decode(one["content"]) for one in told["attachments"]]
            self._attachments[key] = attached
            self._cases[key] = {"case": f"A-{len(self._cases) + 1}", "state": "taken"}
            self._effects[key] += 1
        return self._case(key, 201)

    def _case(self, key: str, status: int = 200) -> Given:
        if key not in self._cases:
            return _answer(404, {"key": key, "state": "none"})
        return _answer(status, {"key": key, **self._cases[key]})


def _answer(status: int, data: dict[str, str]) -> Given:
    return Given(status, json.dumps(data).encode(), {"Content-Type": "application/json"})
