"""The payment provider of these tests."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
from zoneinfo import ZoneInfo

from selvbetjening_core.testing import Counterpart
from selvbetjening_core.testing.cases import a_message
from selvbetjening_core.testing.counterpart import Given
from selvbetjening_core.values import Money

TOKEN = "opens nothing anywhere"


class Bank(Counterpart):
    """One payment for each Idempotency-Key, and one change."""

    def __init__(self):
        super().__init__()
        self.payments = []
        self.repeats = {}
        self.changes = {}

    def handle(self, asked):
        if asked.headers.get("authorization") != TOKEN:
            return Given(401)
        parts = asked.path.strip("/").split("/")
        if asked.method == "POST" and parts == ["payments"]:
            return told(self.opened(asked))
        if parts[0] == "settlements":
            return told({"rows": self.rows(parts[1])})
        found = self.named(asked, parts)
        if found is None:
            return Given(404, b"{}")
        return told(found if asked.method == "GET" else self.changed(found, parts[2], asked))

    def opened(self, asked):
        repeat = asked.headers["idempotency-key"]
        if repeat not in self.repeats:
            number = len(self.payments)
            made = {**json.loads(asked.body), "id": f"p{number}", "status": "pending", "back": 0}
            self.payments.append(made)
            self.repeats[repeat] = made
        return self.repeats[repeat]

    def named(self, asked, parts):
        if len(parts) > 1:
            return next((one for one in self.payments if one["id"] == parts[1]), None)
        return next((one for one in self.payments if one["key"] == asked.query["key"]), None)

    def changed(self, payment, what, asked):
        change = json.loads(asked.body)
        key = asked.headers["idempotency-key"]
        if key not in self.changes:
            self.changes[key] = change["key"]
            if what == "cancel" and payment["status"] == "pending":
                payment["status"] = "cancelled"
            if what == "refund" and payment["status"] == "paid":
                payment["back"] += change["ore"]
                if payment["back"] >= payment["ore"]:
                    payment["status"] = "refunded"
        return payment

    def rows(self, day):
        if day != datetime.datetime.now(ZoneInfo("Europe/Copenhagen")).date().isoformat():
            return []
        paid = [one for one in self.payments if one["status"] == "paid"]
        return [{"id": one["id"], "ore": one["ore"]} for one in paid]

    def one(self, key):
        return next(one for one in self.payments if one["key"] == key)

    def effects(self, key):
        made = [one["key"] for one in self.payments] + list(self.changes.values())
        return made.count(key)

    def pay(self, key):
        self.one(key)["status"] = "paid"

    def decline(self, key):
        self.one(key)["status"] = "declined"

    def asked(self, key):
        return Money(self.one(key)["ore"], self.one(key)["currency"])

    def kept(self, key):
        payment = self.one(key)
        taken = payment["ore"] if payment["status"] in ("paid", "refunded") else 0
        return Money(taken - payment["back"])

    def message(self, key):
        body = json.dumps({"key": key, "status": self.one(key)["status"]}).encode()
        return self.proven(body)

    def proven(self, body):
        return a_message(body, {"x-proof": proof(TOKEN, body)})


def told(data):
    return Given(200, json.dumps(data).encode())


def proof(token, body):
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
