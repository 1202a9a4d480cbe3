"""The receiver of the delivery plugins of these tests."""

from __future__ import annotations

import base64
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
        self.attached = {}

    def handle(self, asked):
        if asked.headers.get("authorization") != TOKEN:
            return Given(401)
        key, repeat = asked.query.get("key", ""), asked.headers.get("idempotency-key", "")
        if asked.method == "POST" and repeat not in self.repeats:
            self.cases.append(key)
            self.repeats.add(repeat)
            self.attached[key] = json.loads(asked.body).get("attachments", [])
        if key not in self.cases:
            return Given(404, b"{}")
        return Given(200, json.dumps({"case": f"A-{self.cases.index(key)}"}).encode())

    def effects(self, key):
        return self.cases.count(key)

    def attachments(self, key):
        return [base64.b64decode(one) for one in self.attached[key]]

    def message(self, key):
        return self.proven(json.dumps({"key": key, "case": f"A-{self.cases.index(key)}"}).encode())

    def proven(self, body):
        return a_message(body, {"x-proof": proof(TOKEN, body)})


class PasswordReceiver(Receiver):
    """It proves who it is, and nothing of what it says."""

    def proven(self, body):
        return a_message(body, {"authorization": TOKEN})


class SealedReceiver(Receiver):
    """What it says is sealed, and the proof is inside."""

    def proven(self, body):
        sealed = {"said": base64.b64encode(body).decode(), "proof": proof(TOKEN, body)}
        return a_message(json.dumps(sealed).encode())


def opened(token, body):
    """What was sealed; None if it is not genuine."""
    try:
        sealed = json.loads(body)
        said = base64.b64decode(sealed["said"], validate=True)
        is_genuine = hmac.compare_digest(proof(token, said), sealed["proof"])
        data = json.loads(said) if is_genuine else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return data if isinstance(data, dict) and isinstance(data.get("key"), str) else None


def proof(token, body):
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
