"""Messages about payments, from the provider to the municipality."""

from __future__ import annotations

import json
import secrets
import threading
from dataclasses import dataclass, field

from selvbetjening_demo.provider.background import Background
from selvbetjening_demo.provider.payments import Payment
from selvbetjening_demo.signing import signature
from selvbetjening_demo.transport import NoAnswer, send

SIGNATURE_HEADER = "x-demo-signature"
_TRIES = 4
_TIMEOUT = 10.0


@dataclass(slots=True)
class SentMessage:
    """One message, and what each try to send it came to (0: no answer)."""

    payment: str
    key: str
    status: str
    url: str
    answers: list[int] = field(default_factory=list)


def message_about(payment: Payment) -> bytes:
    """The body of a message about how ``payment`` stands; a new one each time."""
    data = {
        "message": secrets.token_urlsafe(12),
        "id": payment.id,
        "key": payment.order.key,
        "status": payment.status,
    }
    return json.dumps(data).encode()


class Messenger:
    """Sends messages in the background and tries again where nobody answers."""

    def __init__(self, secret: str, background: Background, retry_seconds: float) -> None:
        self._secret = secret
        self._background = background
        self._retry_seconds = retry_seconds
        self._lock = threading.Lock()
        self._sent: list[SentMessage] = []

    def tell(self, payment: Payment) -> None:
        """Send a message about how ``payment`` stands. Returns at once."""
        sent = SentMessage(payment.id, payment.order.key, payment.status, payment.order.message_url)
        body = message_about(payment)
        with self._lock:
            self._sent.append(sent)
        self._background.run_after(0, lambda: self._deliver(sent, body))

    def sent(self) -> list[dict[str, object]]:
        """All messages, oldest first, with the answers to each try."""
        with self._lock:
            return [
                {
                    "payment": one.payment,
                    "key": one.key,
                    "status": one.status,
                    "url": one.url,
                    "answers": list(one.answers),
                }
                for one in self._sent
            ]

    def _deliver(self, sent: SentMessage, body: bytes) -> None:
        for number in range(1, _TRIES + 1):
            answer = self._post(sent.url, body)
            with self._lock:
                sent.answers.append(answer)
            if 200 <= answer < 300:
                return
            if not self._background.pause(self._retry_seconds * number):
                return

    def _post(self, url: str, body: bytes) -> int:
        headers = {
            "Content-Type": "application/json",
            SIGNATURE_HEADER: signature(self._secret, body),
        }
        try:
            return send("POST", url, body=body, headers=headers, timeout=_TIMEOUT).status
        except NoAnswer:
            return 0
