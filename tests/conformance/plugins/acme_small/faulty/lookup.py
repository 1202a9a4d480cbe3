from __future__ import annotations

import logging
import random
import re
import time
from dataclasses import replace

from acme_small import lookup as good
from acme_small.planting import component
from selvbetjening_core.hooks import hookimpl


class TooMany(good.CsvLookup):
    def search(self, query):
        return super().search(replace(query, limit=query.limit + 1))


class WorstFirst(good.CsvLookup):
    def search(self, query):
        return super().search(replace(query, limit=99))[::-1][: query.limit]


class Shuffled(good.CsvLookup):
    def search(self, query):
        found = list(super().search(query))
        random.Random(time.monotonic_ns()).shuffle(found)  # noqa: S311 - no secret
        return tuple(found)


class OtherByKey(good.CsvLookup):
    def find(self, key):
        found = super().find(key)
        return found and replace(found, data={})


class SameKeyTwice(good.CsvLookup):
    def search(self, query):
        return tuple(replace(one, key="1") for one in super().search(query))


class RaisesOnUnknown(good.CsvLookup):
    def find(self, key):
        found = super().find(key)
        if found is None:
            raise LookupError(key)
        return found


class TakesPatterns(good.CsvLookup):
    def search(self, query):
        pattern = re.compile(query.text, re.IGNORECASE)
        found = [one for one in self._rows() if pattern.search(one.text)]
        return tuple(found[: query.limit])


class LogsWhatIsTyped(good.CsvLookup):
    def search(self, query):
        logging.getLogger("acme").debug("searching %s", query.text)
        return super().search(query)


class RemembersInItself(good.CsvLookup):
    def search(self, query):
        self._text = query.text
        time.sleep(0.02)
        return super().search(replace(query, text=self._text))


FAULTS = {
    "too-many": TooMany,
    "worst-first": WorstFirst,
    "shuffled": Shuffled,
    "other-by-key": OtherByKey,
    "same-key-twice": SameKeyTwice,
    "raises-on-unknown": RaisesOnUnknown,
    "takes-patterns": TakesPatterns,
    "logs-what-is-typed": LogsWhatIsTyped,
    "remembers-in-itself": RemembersInItself,
}


@hookimpl
def selvbetjening_register(register):
    component(good, good.CsvLookup, FAULTS, register)
