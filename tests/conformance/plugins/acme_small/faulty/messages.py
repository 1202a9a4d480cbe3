from __future__ import annotations

import json
import logging
import time

from acme_small import journal as good
from acme_small.planting import component
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.values import LateReceipt, Outcome, OutcomeKind, Reply


def read(message):
    data = json.loads(message.body)
    return data["key"], data["n"]


class BelievesAll(good.Journal):
    def notice(self, message):
        reply = super().notice(message)
        if reply.status != 401:
            return reply
        try:
            outcome = Outcome(OutcomeKind.DELIVERED, "the journal says so")
            return Reply(receipts=(LateReceipt(read(message)[0], outcome),))
        except (ValueError, KeyError, TypeError, RecursionError):
            return Reply(status=400)


class ProvesTheLength(BelievesAll):
    def notice(self, message):
        if len(message.headers.get("x-signature", "")) != 64:
            return good.REFUSED
        return super().notice(message)


class StumblesOnNonsense(good.Journal):
    def notice(self, message):
        json.loads(message.body)
        return super().notice(message)


class RefusesTheSecond(good.Journal):
    def notice(self, message):
        reply = super().notice(message)
        if reply.receipts and not self._store.add("seen", message.body):
            return Reply(status=409)
        return reply


class OnlyInOrder(good.Journal):
    def notice(self, message):
        reply = super().notice(message)
        if reply.receipts and self._store.get("first") is None:
            if read(message)[1] != 1:
                return Reply(status=409)
            self._store.put("first", b"seen")
        return reply


class OnlyItsOwn(good.Journal):
    def notice(self, message):
        reply = super().notice(message)
        known = [one for one in reply.receipts if one.key.startswith("key-")]
        return reply if known or not reply.receipts else Reply(status=404)


class NamesTheLast(good.Journal):
    def notice(self, message):
        self.reply = super().notice(message)
        time.sleep(0.02)
        return self.reply


class LogsTheBody(good.Journal):
    def notice(self, message):
        logging.getLogger("acme").info("a message: %s", message.body.decode("utf-8", "replace"))
        return super().notice(message)


class NamesNothing(good.Journal):
    def notice(self, message):
        return Reply(status=super().notice(message).status)


FAULTS = {
    "believes-all": BelievesAll,
    "proves-the-length": ProvesTheLength,
    "stumbles-on-nonsense": StumblesOnNonsense,
    "refuses-the-second": RefusesTheSecond,
    "only-in-order": OnlyInOrder,
    "only-its-own": OnlyItsOwn,
    "names-the-last": NamesTheLast,
    "logs-the-body": LogsTheBody,
    "names-nothing": NamesNothing,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.Journal, FAULTS, register)
