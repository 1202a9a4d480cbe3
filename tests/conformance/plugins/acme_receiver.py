"""The receiver of the delivery plugins of these tests."""

from __future__ import annotations

import hashlib
import hmac
import json

from selvbetjening_core.testing import Counterpart
from selvbetjening_core.testing.cases import a_message
from selvbetjening_core.testing.counterpart import Given

TOKEN = "opens nothing anywhere"


class Receiver(Counterpart):
    """Makes no second case of a repeat with the same Idempotency-Key."""

    def __init__(self):
        super().__init__()
        self.cases = []
        self.repeats = set()

    def handle(self, asked):
        if asked.headers.get("authorization") != TOKEN:
            return Given(401)
        key, repeat = asked.query.get("key", ""), asked.headers.get("idempotency-key", "")
        if asked.method == "POST" and repeat not in self.repeats:
            self.cases.append(key)
            self.repeats.add(repeat)
        if key not in self.cases:
            return Given(404, b"{}")
        return Given(200, json.dumps({"case": f"A-{self.cases.index(key)}"}).encode())

    def effects(self, key):
        return self.cases.count(key)

    def message(self, key):
        body = json.dumps({"key": key, "case": f"A-{self.cases.index(key)}"}).encode()
        return a_message(body, {"x-proof": proof(TOKEN, body)})


def proof(token, body):
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
