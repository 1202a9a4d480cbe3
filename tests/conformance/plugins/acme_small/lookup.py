"""Streets from a CSV file: key;text;postcode."""

from __future__ import annotations

import csv
from pathlib import Path

from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import ILookup
from selvbetjening_core.values import ComponentContext, LookupMatch, LookupQuery, Setting

SETTINGS = (Setting(name="file", kind="path", help="The CSV file: key;text;postcode."),)


@implementer(ILookup)
class CsvLookup:
    def __init__(self, context: ComponentContext) -> None:
        self._file = Path(context.text("file"))

    def search(self, query: LookupQuery) -> tuple[LookupMatch, ...]:
        typed = query.text.strip().casefold()
        if not typed:
            return ()
        found = [one for one in self._rows() if typed in one.text.casefold()]
        found.sort(
            key=lambda one: (not one.text.casefold().startswith(typed), len(one.text), one.key)
        )
        return tuple(found[: query.limit])

    def find(self, key: str) -> LookupMatch | None:
        return next((one for one in self._rows() if one.key == key), None)

    def _rows(self) -> list[LookupMatch]:
        try:
            with self._file.open(encoding="utf-8", newline="") as lines:
                rows = list(csv.reader(lines, delimiter=";"))
        except OSError:
            raise Unavailable("the file of streets cannot be read") from None
        return [LookupMatch(key, text, {"postcode": code}) for key, text, code in rows]


def _order(one: LookupMatch, typed: str) -> tuple[bool, int, str]:
    """What begins with what was typed comes first; of those, the shortest."""
    return not one.text.casefold().startswith(typed), len(one.text), one.key


@hookimpl
def selvbetjening_register(register: Register) -> None:
    register.component(
        ILookup, CsvLookup, help="Streets from a file.", settings=SETTINGS, built_for="0.1"
    )
