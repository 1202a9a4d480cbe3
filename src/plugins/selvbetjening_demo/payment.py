"""Payment at the demo provider."""

from __future__ import annotations

import datetime
import json
from typing import Any
from urllib.parse import quote, urlencode

from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import (
    Challenge,
    ComponentContext,
    Message,
    Money,
    PaymentChange,
    PaymentOrder,
    PaymentRef,
    PaymentState,
    PaymentStatus,
    Reply,
    Setting,
    Settlement,
)
from selvbetjening_demo.connection import SETTINGS, Connection
from selvbetjening_demo.signing import is_signature

SIGNATURE_HEADER = "x-demo-signature"

PAYMENT_SETTINGS = (
    *SETTINGS,
    Setting(
        name="brand",
        kind="text",
        help="What the provider's page calls itself.",
        required=False,
        default="Kortbetaling",
    ),
    Setting(
        name="method",
        kind="text",
        help="What was paid with, as told on the receipt.",
        required=False,
        default="Dankort (demo)",
    ),
)


@implementer(IPayment)
class DemoPayment:
    """Collects money that does not exist."""

    def __init__(self, context: ComponentContext) -> None:
        self._provider = Connection(context)
        self._brand = context.text("brand") or "Kortbetaling"
        self._method = context.text("method") or "Dankort (demo)"

    def begin(self, order: PaymentOrder) -> Challenge:
        """Create the payment, or find it again by its key.

        :raises Unavailable: no answer, or the key was used for another order
        """
        data = self._provider.post(
            "/payments",
            {
                "key": order.key,
                "reference": order.reference,
                "ore": order.amount.ore,
                "currency": order.amount.currency,
                "text": order.text,
                "return_url": order.return_url,
                "message_url": order.message_url,
                "locale": order.locale,
                "brand": self._brand,
                "method": self._method,
            },
        )
        reference = _state(data, order.key).provider_reference
        if not reference:
            raise Unavailable("the demo provider did not create the payment")
        return Challenge(f"{self._provider.url}/pay/{quote(reference, safe='')}", reference)

    def capture(self, change: PaymentChange) -> PaymentState:
        """How the payment stands: the demo takes the money at once."""
        return self._change("capture", change)

    def cancel(self, change: PaymentChange) -> PaymentState:
        """Give up a payment that is pending; any other stays as it is."""
        return self._change("cancel", change)

    def refund(self, change: PaymentChange) -> PaymentState:
        """Pay the whole amount back; for a part of it the state says: still paid."""
        return self._change("refund", change)

    def query(self, payment: PaymentRef) -> PaymentState:
        """How the payment stands; ``intended`` where the provider knows nothing."""
        if payment.provider_reference:
            path = f"/payments/{quote(payment.provider_reference, safe='')}"
        else:
            path = f"/payments?{urlencode({'key': payment.key})}"
        return _state(self._provider.ask(path), payment.key)

    def settlements(self, day: datetime.date) -> tuple[Settlement, ...]:
        """What was paid on ``day``, Danish time; a refund is a negative amount."""
        data = self._provider.ask(f"/settlements/{day.isoformat()}") or {}
        try:
            return tuple(
                Settlement(row["id"], Money(row["ore"], row["currency"]), day)
                for row in data["settlements"]
            )
        except (KeyError, TypeError):
            raise Unavailable("the demo provider's settlements cannot be read") from None

    def notice(self, message: Message) -> Reply:
        """Read a message: 401 without a genuine signature, 400 if unreadable."""
        given = message.headers.get(SIGNATURE_HEADER, "")
        if not is_signature(self._provider.secret, message.body, given):
            return Reply(status=401, body=b"bad signature")
        key = _key_in(message.body)
        return Reply(keys=(key,)) if key else Reply(status=400, body=b"no key")

    def _change(self, kind: str, change: PaymentChange) -> PaymentState:
        state = self.query(change.payment)
        if not state.provider_reference:
            return state
        data = self._provider.post(
            f"/payments/{quote(state.provider_reference, safe='')}/{kind}",
            {"change_key": change.change_key, "ore": change.amount.ore},
        )
        return _state(data, change.payment.key)


def _state(data: dict[str, Any] | None, key: str) -> PaymentState:
    if data is None:
        return PaymentState(key, PaymentStatus.INTENDED, Money(0), "", "")
    try:
        return PaymentState(
            key=data["key"],
            status=PaymentStatus(data["status"]),
            amount=Money(data["ore"], data["currency"]),
            reference=data["reference"],
            provider_reference=data["id"],
            method=data["method"],
            changed_at=datetime.datetime.fromisoformat(data["changed_at"]),
        )
    except (KeyError, TypeError, ValueError):
        raise Unavailable("the demo provider's answer cannot be read") from None


def _key_in(body: bytes) -> str:
    try:
        data = json.loads(body)
    except ValueError:
        return ""
    key = data.get("key") if isinstance(data, dict) else None
    return key if isinstance(key, str) else ""


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Offer the demo payment."""
    register.component(
        IPayment,
        DemoPayment,
        help="Payment at a demo provider where every way a payment can go is a button.",
        settings=PAYMENT_SETTINGS,
        demo_only=True,
        holds="Nothing about a person: amounts and references, in the provider's memory.",
        built_for="0.1",
        sends_to=("provider",),
    )
