from __future__ import annotations

import logging
import uuid

from acme_small import journal as good
from acme_small.planting import component
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.values import MemoryStore


class OnceMore(good.Journal):
    """Remembers nothing, and lets the key change with every run."""

    def run(self, task):
        self._store = MemoryStore()
        super().run(task)

    def post(self, key, text):
        super().post(str(uuid.uuid4()), text)


class NewKeyEachTime(good.Journal):
    def post(self, key, text):
        super().post(str(uuid.uuid4()), text)


class MarksBefore(good.Journal):
    def post(self, key, text):
        self._store.put(key, b"sent")
        super().post(key, text)


class DoesNothing(good.Journal):
    def run(self, task):
        """Nothing."""


class BusyForNothing(good.Journal):
    def run(self, task):
        super().run(task)
        self.post("hello", "still here")


class LogsTheWork(good.Journal):
    def post(self, key, text):
        logging.getLogger("acme").info("sending %s", text)
        super().post(key, text)


FAULTS = {
    "once-more": OnceMore,
    "new-key-each-time": NewKeyEachTime,
    "marks-before": MarksBefore,
    "does-nothing": DoesNothing,
    "busy-for-nothing": BusyForNothing,
    "logs-the-work": LogsTheWork,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.Journal, FAULTS, register)
