"""Acme's own protocol: the four methods you fill in.

They talk to the counterpart in this package as they stand, so that everything
is green before you change the first line. Keep the names and what goes in and
out; change how each says it to Acme, one at a time, and the same thing in
``counterpart.py``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from selvbetjening_core.values import (
    Attachment,
    DeliveryRef,
    LateReceipt,
    Message,
    Outcome,
    OutcomeKind,
    Parcel,
    read_attachment,
)
from selvbetjening_core.values.case_json import case_to_json

from acme_plugin.wire import Answer, NotSent, Wire

SIGNATURE_HEADER = "acme-signature"
LARGEST = 10_000_000
LONGEST_CASE = 100

# Acme's words for how a case of ours stands, and ours.
_STATES = {
    "taken": OutcomeKind.ACCEPTED_PENDING,
    "done": OutcomeKind.DELIVERED,
    "refused": OutcomeKind.PERMANENT,
}
# What Acme says when it has no case with our key.
_NONE = "none"
# Nothing was done, and it is no fault of this parcel: too busy, or a mistake in the
# settings, which an operator mends for all parcels at once.
_NOT_NOW = (401, 403, 404, 408, 429, 503)


class Intake:
    """Acme's intake, as one municipality sees it."""

    def __init__(self, wire: Wire, message_secret: str) -> None:
        self._wire = wire
        self._message_secret = message_secret

    def refuses(self, parcel: Parcel) -> tuple[str, ...]:
        """Why Acme could not take the parcel, for a person to read; empty if it could.

        No effect. Ask nobody: this is what you know beforehand, such as sizes.
        """
        size = sum(len(document.content) for document in parcel.documents)
        size += sum(attachment.size for attachment in parcel.attachments)
        return (f"the files are over {LARGEST} bytes together",) if size > LARGEST else ()

    def send(self, parcel: Parcel, seconds: float) -> Outcome:
        """One attempt. Say honestly what came of it; do not try again.

        :raises NotSent: it certainly did not arrive
        :raises Unavailable: it may have arrived
        """
        answer = self._wire.ask(
            "POST",
            "/cases",
            {
                "case": case_to_json(parcel.case),
                "documents": [
                    _file(one.name, one.media_type, one.content) for one in parcel.documents
                ],
                "attachments": [_attached(one) for one in parcel.attachments],
            },
            key=parcel.key,
            seconds=seconds,
        )
        if 200 <= answer.status < 300:
            return _outcome(answer, parcel.key)
        return Outcome(_kind(answer.status), f"HTTP {answer.status}")

    def find(self, delivery: DeliveryRef) -> Outcome:
        """What Acme knows of the delivery. No effect.

        :raises Unavailable: it cannot be asked now
        """
        answer = self._wire.ask("GET", f"/cases/{quote(delivery.key, safe='')}")
        # Status 404 alone would prove nothing: any go-between says that of any address.
        if answer.status == 404 and _is_about(answer, delivery.key, _NONE):
            return Outcome(OutcomeKind.TRANSIENT, "Acme has no case with our key")
        if answer.status != 200:
            return Outcome(OutcomeKind.UNKNOWN, f"HTTP {answer.status}")
        return _outcome(answer, delivery.key)

    def read_message(self, message: Message) -> tuple[LateReceipt, ...] | None:
        """What a message from Acme tells of our deliveries.

        Check the proof over the raw body first: None means that it is not
        proven. A genuine message that tells us nothing is about no delivery.
        Never raises on bad input.
        """
        proof = hmac.new(self._message_secret.encode(), message.body, hashlib.sha256).hexdigest()
        given = message.headers.get(SIGNATURE_HEADER, "")
        if not hmac.compare_digest(proof.encode(), given.encode("utf-8", "replace")):
            return None
        try:
            data = json.loads(message.body)
        except (ValueError, RecursionError):
            return ()
        return _receipts(data) if isinstance(data, dict) else ()


def _outcome(answer: Answer, key: str) -> Outcome:
    """Of an answer that says yes. It counts only if it is about our delivery."""
    state, case = answer.data.get("state"), answer.data.get("case")
    kind = _STATES.get(state) if isinstance(state, str) else None
    if kind is None or not isinstance(case, str) or not _is_about(answer, key, state):
        return Outcome(OutcomeKind.UNKNOWN, "an answer that cannot be read")
    return Outcome(kind, f"HTTP {answer.status}, {state}", case[:LONGEST_CASE])


def _is_about(answer: Answer, key: str, state: object) -> bool:
    return answer.data.get("key") == key and answer.data.get("state") == state


def _kind(status: int) -> OutcomeKind:
    """What a status says that is no yes."""
    if status in _NOT_NOW:
        return OutcomeKind.TRANSIENT
    # A conflict, a redirection and a fault inside may all come after the work was done.
    if status == 409 or not 400 <= status < 500:
        return OutcomeKind.UNKNOWN
    return OutcomeKind.PERMANENT


def _receipts(data: Mapping[str, Any]) -> tuple[LateReceipt, ...]:
    told = [data.get(name) for name in ("key", "state", "case")]
    key, state, case = (one if isinstance(one, str) else "" for one in told)
    if not key or state not in _STATES:
        return ()
    outcome = Outcome(_STATES[state], f"Acme says: {state}", case[:LONGEST_CASE])
    return (LateReceipt(key, outcome),)


def _attached(attachment: Attachment) -> Mapping[str, str]:
    try:
        # It is judged on the way: whole, and the file that the citizen sent.
        content = b"".join(read_attachment(attachment))
    except OSError:
        raise NotSent("an attachment cannot be read") from None
    return _file(attachment.name, attachment.media_type, content)


def _file(name: str, media_type: str, content: bytes) -> Mapping[str, str]:
    return {"name": name, "type": media_type, "content": base64.b64encode(content).decode()}
