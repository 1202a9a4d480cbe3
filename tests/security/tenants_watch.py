"""Every statement on a table of municipalities names the municipality."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from typing import Any
from unittest import mock

import sqlalchemy as sa

from selvbetjening_core.store.sqlite import QuickConnections
from selvbetjening_core.store.tables import metadata

_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)")
_NAMED = re.compile(r"\bmunicipality = (?:\?|%\()|INSERT INTO \w+ \(municipality,")

_SAID = re.compile(r"\bmunicipality = '[0-9]{4}'|INSERT INTO \w+ \(municipality,")


@contextlib.contextmanager
def unnamed(found: list[str]) -> Iterator[None]:
    """Note the statements meanwhile that do not, of whichever engine."""

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        touched = [name for name in _TABLE.findall(statement) if name in metadata.tables]
        if len(_NAMED.findall(statement)) < len(touched):
            found.append(" ".join(statement.split())[:200])

    with _driver_heard(found):
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)


@contextlib.contextmanager
def _driver_heard(found: list[str]) -> Iterator[None]:
    """Hear SQLite's driver, too: for what it carries out by itself there is no event.

    It tells every statement, with the values in it.
    """
    listening = [True]

    def note(statement: str) -> None:
        touched = [name for name in _TABLE.findall(statement) if name in metadata.tables]
        if listening and len(_SAID.findall(statement)) < len(touched):
            found.append(" ".join(statement.split())[:200])

    def listen(connection: Any, *_: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(note)

    taken = QuickConnections._taken

    def taken_and_heard(self: QuickConnections) -> Any:
        found = taken(self)
        listen(found[0])
        return found

    sa.event.listen(sa.Pool, "checkout", listen)
    try:
        with mock.patch.object(QuickConnections, "_taken", taken_and_heard):
            yield
    finally:
        sa.event.remove(sa.Pool, "checkout", listen)
        listening.clear()
