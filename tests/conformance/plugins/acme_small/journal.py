"""A delivery that sends late receipts, and counts what it could not send at once."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import json
from pathlib import Path

from zope.interface import implementer

from acme_small.http import ask
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IDelivery, IMessages, IScheduled
from selvbetjening_core.values import (
    LateReceipt,
    Outcome,
    OutcomeKind,
    Reply,
    ResolvesUnknown,
    Setting,
    Task,
    Verdict,
)

SETTINGS = (
    Setting(name="url", kind="url", help="Where the journal answers."),
    Setting(name="secret", kind="secret", help="The key that messages are signed with."),
    Setting(name="queue", kind="path", help="The folder with what is to be sent again."),
)
TASK = Task("send-again", datetime.timedelta(minutes=5), "Sends what waits in the folder.")
REFUSED = Reply(status=401, body=b"not proven")


@implementer(IDelivery, IMessages, IScheduled)
class Journal:
    resolves_unknown = ResolvesUnknown.INBOX

    def __init__(self, context):
        self._url = context.text("url")
        self._secret = context.text("secret").encode()
        self._queue = Path(context.text("queue"))
        self._store = context.store

    def accepts(self, parcel):
        return Verdict(ok=True)

    def send(self, parcel):
        self.post(parcel.key, "case")
        return Outcome(OutcomeKind.ACCEPTED_PENDING, "taken in")

    def notice(self, message):
        given = message.headers.get("x-signature", "")
        made = hmac.new(self._secret, message.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made.encode(), given.encode("utf-8", "replace")):
            return REFUSED
        try:
            data = json.loads(message.body)
            key, kind = data["key"], OutcomeKind(data["outcome"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return Reply(status=400, body=b"cannot be read")
        if not isinstance(key, str):
            return Reply(status=400, body=b"cannot be read")
        return Reply(receipts=(LateReceipt(key, Outcome(kind, "the journal says so")),))

    def run(self, task):
        failed = False
        for file in sorted(self._queue.glob("*.json")):
            # Named by what is in it: the same work is the same key, every time.
            key = hashlib.sha256(file.read_bytes()).hexdigest()
            if self._store.get(key) is not None:
                continue
            try:
                self.post(key, json.loads(file.read_text("utf-8"))["work"])
            except Unavailable:
                failed = True
            else:
                self._store.put(key, b"sent")
        if failed:
            raise Unavailable("some of it could not be sent yet")

    def post(self, key, text):
        if ask("POST", f"{self._url}/work", {"text": text}, {"Idempotency-Key": key}) is None:
            raise Unavailable("the journal takes nothing")


@hookimpl
def selvbetjening_register(register):
    register.component(
        IDelivery,
        Journal,
        help="Sends to a journal.",
        settings=SETTINGS,
        built_for="0.1",
        tasks=[TASK],
    )
