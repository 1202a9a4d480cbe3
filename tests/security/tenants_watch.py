"""Every statement on a table of municipalities names the municipality."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from selvbetjening_core.store.tables import metadata

_TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)")
_NAMED = re.compile(r"\bmunicipality = (?:\?|%\()|INSERT INTO \w+ \(municipality,")


@contextlib.contextmanager
def unnamed(found: list[str]) -> Iterator[None]:
    """Note the statements meanwhile that do not, of whichever engine."""

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        touched = [name for name in _TABLE.findall(statement) if name in metadata.tables]
        if len(_NAMED.findall(statement)) < len(touched):
            found.append(" ".join(statement.split())[:200])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
