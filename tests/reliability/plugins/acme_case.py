"""A case system on the network, as a vendor would connect it. The other end is ``receiver.py``."""

from __future__ import annotations

import http.client
import json
import time
from urllib.parse import urlsplit

from zope.interface import alsoProvides, implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery, IDeliveryQuery, IMessages
from selvbetjening_core.values import (
    LateReceipt,
    Outcome,
    OutcomeKind,
    Reply,
    ResolvesUnknown,
    Setting,
    Verdict,
)

SETTINGS = (
    Setting("url", "url", "Where the case system is."),
    Setting(
        "resolves",
        "text",
        "How it is found out what became of an attempt nobody knows the end of.",
        required=False,
        default="safe_repeat",
        choices=tuple(one.value for one in ResolvesUnknown),
    ),
    Setting("seconds", "number", "How long to wait for it.", required=False, default=5),
)
_BY_STATE = {
    "delivered": OutcomeKind.DELIVERED,
    "pending": OutcomeKind.ACCEPTED_PENDING,
    "refused": OutcomeKind.PERMANENT,
}
_NOT_NOW = (429, 503)


class Doubtful(Exception):
    """It may have arrived."""


@implementer(IDelivery)
class AcmeCase:
    def __init__(self, context):
        url = urlsplit(context.text("url"))
        self._at, self._path = (url.hostname, url.port), url.path
        self._seconds = float(context.number("seconds"))
        self.resolves_unknown = ResolvesUnknown(context.text("resolves"))
        if self.resolves_unknown is ResolvesUnknown.QUERY:
            alsoProvides(self, IDeliveryQuery)
        alsoProvides(self, IMessages)

    def accepts(self, parcel):
        return Verdict(ok=True)

    def send(self, parcel):
        body = json.dumps({"key": parcel.key, "receipt": parcel.case.receipt_number})
        return self._told("POST", f"{self._path}/cases", body, parcel.key)

    def query(self, delivery):
        outcome = self._told("GET", f"{self._path}/cases/{delivery.key}", None, delivery.key)
        # A question that did not come through says nothing of what was sent before.
        if outcome.kind is OutcomeKind.TRANSIENT and outcome.evidence != "never arrived":
            return Outcome(OutcomeKind.UNKNOWN, outcome.evidence)
        return outcome

    def notice(self, message):
        told = json.loads(message.body)
        kind = _BY_STATE[told["state"]]
        receipt = LateReceipt(told["key"], Outcome(kind, told["state"], told.get("case", "")))
        return Reply(receipts=(receipt,))

    def _told(self, method, path, body, key):
        try:
            status, answer = self._exchange(method, path, body)
        except ConnectionError:
            return Outcome(OutcomeKind.TRANSIENT, "nobody answers there")
        except Doubtful as error:
            return Outcome(OutcomeKind.UNKNOWN, str(error))
        if status == 404 and method == "GET":
            return Outcome(OutcomeKind.TRANSIENT, "never arrived")
        if status in _NOT_NOW:
            return Outcome(OutcomeKind.TRANSIENT, f"HTTP {status}")
        if not isinstance(answer, dict) or answer.get("key") != key:
            return Outcome(OutcomeKind.UNKNOWN, f"HTTP {status}, and no answer to our key")
        kind = _BY_STATE.get(answer.get("state"), OutcomeKind.UNKNOWN)
        return Outcome(kind, f"HTTP {status}", answer.get("case", ""))

    def _exchange(self, method, path, body):
        connection = http.client.HTTPConnection(*self._at, timeout=self._seconds)
        try:
            try:
                connection.connect()
            except OSError:
                raise ConnectionError from None
            return self._answer(connection, method, path, body)
        finally:
            connection.close()

    def _answer(self, connection, method, path, body):
        begun = time.monotonic()
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read(100_000) or b"null")
        except (OSError, ValueError, http.client.HTTPException) as error:
            waited = time.monotonic() - begun
            raise Doubtful(f"{type(error).__name__} after {waited:.0f} s") from None


@hookimpl
def selvbetjening_register(register):
    register.component(
        IDelivery,
        AcmeCase,
        help="A case system of the tests.",
        settings=SETTINGS,
        built_for="0.1",
    )
