"""Acme's own protocol: the four methods you fill in.

They talk to the counterpart in this package as they stand, so that everything
is green before you change the first line. Keep the names and what goes in and
out; change how each says it to Acme, one at a time, and the same thing in
``counterpart.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import LookupMatch

from acme_plugin.wire import Wire

Row = Mapping[str, Any]

_KEY = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


class Index:
    """What can be looked up at Acme."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def ask(self, text: str, limit: int, locale: str) -> Sequence[Row]:
        """Acme's rows for what was typed, the best first. No effect.

        :raises Unavailable: no answer, or not a proper one
        """
        query = urlencode({"text": text, "limit": limit, "language": locale})
        answer = self._wire.ask("GET", f"/search?{query}")
        if answer.status != 200:
            raise Unavailable(f"Acme answered {answer.status} to a search")
        rows: Sequence[Row] = answer.data["rows"]
        return rows

    def get(self, key: str) -> Row | None:
        """Acme's row with this key; None if there is none. No effect.

        :raises Unavailable: no answer, or not a proper one
        """
        answer = self._wire.ask("GET", f"/rows/{quote(key, safe='')}")
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise Unavailable(f"Acme answered {answer.status} about a key")
        return answer.data

    def is_key(self, text: str) -> bool:
        """Whether this could be a key of Acme's at all. Anything may come from a browser."""
        return _KEY.fullmatch(text) is not None

    def match(self, row: Row) -> LookupMatch:
        """One row as a citizen chooses it, and what a form may fill in from it.

        :raises KeyError, TypeError, ValueError: the row is not as agreed
        """
        return LookupMatch(str(row["id"]), str(row["title"]), {"kind": row["kind"]})
