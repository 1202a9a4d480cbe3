"""Acme's own protocol: the four methods you fill in.

They talk to the counterpart in this package as they stand, so that everything
is green before you change the first line. Keep the names and what goes in and
out; change how each says it to Acme, one at a time, and the same thing in
``counterpart.py``.
"""

from __future__ import annotations

import datetime
import enum
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import (
    Message,
    Money,
    PaymentChange,
    PaymentOrder,
    PaymentRef,
    PaymentState,
    PaymentStatus,
)

from acme_plugin.wire import Answer, Wire

SIGNATURE_HEADER = "acme-signature"

# Acme's words for how a payment stands, and ours.
_STATUSES = {
    "open": PaymentStatus.PENDING,
    "paid": PaymentStatus.PAID,
    "declined": PaymentStatus.DECLINED,
    "cancelled": PaymentStatus.CANCELLED,
    "refunded": PaymentStatus.REFUNDED,
}


class Change(enum.StrEnum):
    """What may be asked of a payment that Acme knows."""

    CAPTURE = "capture"
    CANCEL = "cancel"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Created:
    """A payment at Acme: the page to send the browser to, and Acme's own number."""

    page: str
    reference: str


class Provider:
    """Acme, as one municipality's agreement sees it."""

    def __init__(self, wire: Wire, message_secret: str) -> None:
        self._wire = wire
        self._message_secret = message_secret

    def create(self, order: PaymentOrder) -> Created:
        """Create the payment. The same ``order.key`` finds the one that is there.

        :raises Unavailable: no answer, or not a proper one; it may be there
        """
        answer = self._wire.ask(
            "POST",
            "/payments",
            {
                "key": order.key,
                "reference": order.reference,
                "amount": order.amount.ore,
                "currency": order.amount.currency,
                "text": order.text,
                "return_url": order.return_url,
                "message_url": order.message_url,
                "language": order.locale,
            },
            key=order.key,
        )
        if answer.status not in (200, 201):
            raise Unavailable(f"Acme answered {answer.status} to a new payment")
        page, reference = answer.data.get("page"), answer.data.get("id")
        if not isinstance(page, str) or not isinstance(reference, str):
            raise Unavailable("Acme's answer to a new payment cannot be read")
        return Created(page, reference)

    def find(self, payment: PaymentRef) -> PaymentState | None:
        """What Acme knows of the payment; None if nothing. No effect.

        Acme's number is not known where its first answer was lost: find the
        payment by our key then.

        :raises Unavailable: no answer, or not a proper one
        """
        if payment.provider_reference:
            path = f"/payments/{quote(payment.provider_reference, safe='')}"
        else:
            path = f"/payments?{urlencode({'key': payment.key})}"
        answer = self._wire.ask("GET", path)
        return None if answer.status == 404 else _state(answer)

    def change(self, kind: Change, reference: str, change: PaymentChange) -> PaymentState:
        """Capture, cancel or refund. The same ``change.change_key`` counts once.

        What cannot be done (to cancel what is paid) leaves the payment as it is;
        the state tells.

        :raises Unavailable: no answer, or not a proper one; it may be done
        """
        path = f"/payments/{quote(reference, safe='')}/{kind}"
        data = {"amount": change.amount.ore}
        return _state(self._wire.ask("POST", path, data, key=change.change_key))

    def read_message(self, message: Message) -> tuple[str, ...] | None:
        """The keys of the payments that a message from Acme is about.

        Check the proof over the raw body first: None means that it is not
        proven. A genuine message that tells us nothing is about no key. Never
        raises on bad input.
        """
        proof = hmac.new(self._message_secret.encode(), message.body, hashlib.sha256).hexdigest()
        given = message.headers.get(SIGNATURE_HEADER, "")
        if not hmac.compare_digest(proof.encode(), given.encode("utf-8", "replace")):
            return None
        try:
            data = json.loads(message.body)
        except (ValueError, RecursionError):
            return ()
        key = data.get("key") if isinstance(data, dict) else None
        return (key,) if isinstance(key, str) else ()


def _state(answer: Answer) -> PaymentState:
    if answer.status != 200:
        raise Unavailable(f"Acme answered {answer.status} about a payment")
    try:
        return PaymentState(
            key=str(answer.data["key"]),
            status=_STATUSES[answer.data["status"]],
            amount=Money(int(answer.data["amount"]), str(answer.data["currency"])),
            reference=str(answer.data["reference"]),
            provider_reference=str(answer.data["id"]),
            method=str(answer.data["method"]),
            changed_at=datetime.datetime.fromisoformat(answer.data["changed_at"]),
        )
    except (KeyError, TypeError, ValueError):
        raise Unavailable("Acme's answer about a payment cannot be read") from None
