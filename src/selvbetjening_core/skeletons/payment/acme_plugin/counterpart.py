"""Acme, as small as it can be: what the conformance kit runs the plugin against.

It keeps its promises; whatever goes wrong on the way is done by the kit. Change
it along with ``provider.py``, and let it do what Acme really does.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from selvbetjening_core.testing.counterpart import Asked, Counterpart, Given
from selvbetjening_core.values import Message, Money

from acme_plugin.provider import SIGNATURE_HEADER

TOKEN = "let me in"
MESSAGE_SECRET = "signed by Acme"

Payment = dict[str, Any]

_DANISH_TIME = ZoneInfo("Europe/Copenhagen")
# What each change does to a payment; whatever is not here leaves it as it is.
_CHANGES = {("cancel", "open"): "cancelled", ("refund", "paid"): "refunded"}


class AcmeCounterpart(Counterpart):
    """Payments in memory, found by Acme's number or by our key."""

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self._token = token
        self._payments: dict[str, Payment] = {}
        self._changes: set[str] = set()
        self._effects = Counter[str]()

    # -- what a plugin asks ------------------------------------------------

    def handle(self, asked: Asked) -> Given:
        """One request to Acme's interface."""
        if asked.headers.get("authorization") != f"Bearer {self._token}":
            return Given(401)
        return self._answer(asked)

    def _answer(self, asked: Asked) -> Given:
        match asked.method, asked.path.strip("/").split("/"):
            case "POST", ["payments"]:
                return self._create(json.loads(asked.body))
            case "GET", ["payments"]:
                return _payment(self._find(asked.query.get("key", "")))
            case "GET", ["payments", number]:
                return _payment(self._payments.get(number))
            case "POST", ["payments", number, kind]:
                return self._change(number, kind, asked)
            case "GET", ["settlements", day]:
                return _json({"settlements": self._settled_on(day)})
        return Given(404)

    def forget(self) -> None:
        """Lose every payment."""
        self._payments.clear()

    # -- what the kit asks -------------------------------------------------

    def effects(self, key: str) -> int:
        """How many payments or changes were made with this key."""
        return self._effects[key]

    def pay(self, key: str) -> None:
        """The citizen pays."""
        payment = self._by_key(key)
        payment["paid_on"] = datetime.datetime.now(_DANISH_TIME).date().isoformat()
        _move(payment, "paid")

    def decline(self, key: str) -> None:
        """The citizen tries to pay, and the card is refused."""
        _move(self._by_key(key), "declined")

    def asked(self, key: str) -> Money:
        """What the citizen is asked for."""
        payment = self._by_key(key)
        return Money(payment["amount"], payment["currency"])

    def kept(self, key: str) -> Money:
        """What Acme has taken, less what it has paid back."""
        payment = self._by_key(key)
        return Money(payment["amount"] if payment["status"] == "paid" else 0, payment["currency"])

    def message(self, key: str) -> Message:
        """What Acme sends about the payment as it stands."""
        payment = self._by_key(key)
        return self.proven(json.dumps({"key": key, "status": payment["status"]}).encode())

    def proven(self, body: bytes) -> Message:
        """A message with this body, signed as Acme signs."""
        proof = hmac.new(MESSAGE_SECRET.encode(), body, hashlib.sha256).hexdigest()
        now = datetime.datetime.now(datetime.UTC)
        return Message(f"{self.url}/", "POST", {}, {SIGNATURE_HEADER: proof}, body, now)

    # -- how ---------------------------------------------------------------

    def _find(self, key: str) -> Payment | None:
        return next((one for one in self._payments.values() if one["key"] == key), None)

    def _by_key(self, key: str) -> Payment:
        payment = self._find(key)
        if payment is None:
            raise LookupError("no payment has this key")
        return payment

    def _create(self, order: Mapping[str, Any]) -> Given:
        payment = self._find(order["key"])
        if payment is None:
            number = f"A-{len(self._payments) + 1}"
            payment = {**order, "id": number, "method": "Acme Card"}
            _move(payment, "open")
            self._payments[number] = payment
            self._effects[order["key"]] += 1
        return _json({"id": payment["id"], "page": f"{self.url}/pay/{payment['id']}"}, 201)

    def _change(self, number: str, kind: str, asked: Asked) -> Given:
        key = asked.headers.get("idempotency-key", "")
        payment = self._payments.get(number)
        if payment is None or not key:
            return Given(404 if payment is None else 400)
        becomes = _CHANGES.get((kind, payment["status"]))
        is_whole = json.loads(asked.body)["amount"] == payment["amount"]
        if becomes and is_whole and key not in self._changes:
            _move(payment, becomes)
            self._effects[key] += 1
        self._changes.add(key)
        return _payment(payment)

    def _settled_on(self, day: str) -> list[Mapping[str, object]]:
        return [
            {"id": one["id"], "amount": one["amount"], "currency": one["currency"]}
            for one in self._payments.values()
            if one["status"] == "paid" and one["paid_on"] == day
        ]


def _move(payment: Payment, status: str) -> None:
    payment["status"] = status
    payment["changed_at"] = datetime.datetime.now(datetime.UTC).isoformat()


def _payment(payment: Payment | None) -> Given:
    return Given(404) if payment is None else _json(payment)


def _json(data: Mapping[str, object], status: int = 200) -> Given:
    return Given(status, json.dumps(data).encode(), {"Content-Type": "application/json"})
