"""A payment plugin without faults."""

from __future__ import annotations

import hmac

from acme_bank import proof
from acme_http import Failed, exchange, offer, read
from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import (
    Challenge,
    Money,
    PaymentState,
    PaymentStatus,
    Reply,
    Setting,
    Settlement,
)

SETTINGS = (
    Setting("port", "number", "The provider's port."),
    Setting("token", "secret", "What the provider knows us by."),
)


@implementer(IPayment)
class GoodPayment:
    def __init__(self, context):
        self.context = context
        self.port = context.number("port")
        self.token = context.text("token")

    def begin(self, order):
        data = {
            "key": order.key,
            "ore": order.amount.ore,
            "currency": order.amount.currency,
            "reference": order.reference,
        }
        state = self.state(self.ask("POST", "/payments", data, self.repeat_key(order)), order.key)
        if not state.provider_reference:
            raise Unavailable("the provider made no payment")
        reference = state.provider_reference
        return Challenge(f"http://127.0.0.1:{self.port}/pay/{reference}", reference)

    def repeat_key(self, order):
        return order.key

    def change_repeat_key(self, change):
        return change.change_key

    def capture(self, change):
        return self.change("capture", change)

    def cancel(self, change):
        return self.change("cancel", change)

    def refund(self, change):
        return self.change("refund", change)

    def change(self, what, change):
        state = self.query(change.payment)
        data = {"key": change.change_key, "ore": change.amount.ore}
        path = f"/payments/{state.provider_reference}/{what}"
        return self.state(
            self.ask("POST", path, data, self.change_repeat_key(change)), change.payment.key
        )

    def query(self, payment):
        if payment.provider_reference:
            return self.state(
                self.ask("GET", f"/payments/{payment.provider_reference}"), payment.key
            )
        return self.state(self.ask("GET", f"/payments?key={payment.key}"), payment.key)

    def settlements(self, day):
        data = self.ask("GET", f"/settlements/{day.isoformat()}")
        try:
            return tuple(Settlement(row["id"], Money(row["ore"]), day) for row in data["rows"])
        except (TypeError, KeyError):
            raise Unavailable("unreadable") from None

    def notice(self, message):
        given = message.headers.get("x-proof", "").encode("utf-8", "replace")
        if not hmac.compare_digest(proof(self.token, message.body).encode(), given):
            return Reply(status=401)
        data = read(message.body)
        if data is None or not isinstance(data.get("key"), str):
            return Reply(status=400)
        return Reply(keys=(data["key"],))

    def ask(self, method, path, data=None, key=""):
        headers = {"Authorization": self.token, "Idempotency-Key": key}
        try:
            status, found = exchange(method, self.port, path, data, headers)
        except Failed:
            raise Unavailable("no answer") from None
        return self.judged(status, found)

    def judged(self, status, found):
        if status == 404:
            return {}
        if status != 200 or found is None:
            raise Unavailable(f"HTTP {status}")
        return found

    def state(self, data, key):
        if not data:
            return PaymentState(key, PaymentStatus.INTENDED, Money(0), "", "")
        return PaymentState(
            key=data["key"],
            status=PaymentStatus(data["status"]),
            amount=Money(data["ore"], data["currency"]),
            reference=data["reference"],
            provider_reference=data["id"],
            method="card",
        )


selvbetjening_register = offer(IPayment, GoodPayment, settings=SETTINGS)
