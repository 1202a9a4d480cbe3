"""Sealing and opening what is stored of one municipality."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from selvbetjening_core.store.crypto import Cell, KeyRing
from selvbetjening_core.values import GuestId, Owner

T = TypeVar("T")

_GUEST, _RESUME_CODE, _LOGIN = "guest", "resume_code", "login"
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Sealing:
    """One municipality, and the keys."""

    keys: KeyRing
    municipality: str

    def index(self, owner: Owner) -> str:
        """What is looked up by in this municipality that is ``owner``'s."""
        if isinstance(owner, GuestId):
            return self.keys.index_text(self.municipality, _GUEST, owner.text)
        return self.keys.index(self.municipality, owner)

    def code_index(self, solution: str, code: str) -> str:
        """What a resume code of ``solution`` is looked up by in this municipality."""
        return self.keys.index_text(self.municipality, _RESUME_CODE, f"{solution}|{code}")

    def login_index(self, issuer: str, kind: str, name: str) -> str:
        """What a provider's name of a login, or of a person, is looked up by here."""
        return self.keys.index_text(self.municipality, _LOGIN, f"{issuer}|{kind}|{name}")

    def seal(self, table: sa.Table, row_id: str, field: str, text: str) -> str:
        """``text`` as a token that can be opened in this cell alone."""
        return self.keys.seal(Cell(self.municipality, table.name, row_id, field), text)

    def open(self, table: sa.Table, row_id: str, field: str, token: str) -> str:
        """The text sealed in this cell. :raises Unreadable: it was not sealed here."""
        return self.keys.open(Cell(self.municipality, table.name, row_id, field), token)

    def open_as(
        self, table: sa.Table, row_id: str, field: str, token: str, make: Callable[[str], T]
    ) -> T:
        """What ``make`` makes of the text sealed in this cell: perhaps made before.

        As :meth:`~selvbetjening_core.store.crypto.KeyRing.open_as`.
        """
        return self.keys.open_as(Cell(self.municipality, table.name, row_id, field), token, make)

    def seal_json_as(
        self, table: sa.Table, row_id: str, field: str, data: object, make: Callable[[str], T]
    ) -> str:
        """JSON data as a token that :meth:`open_as` will not have to open."""
        cell = Cell(self.municipality, table.name, row_id, field)
        return self.keys.seal_as(cell, _as_json(data), make)

    def seal_json(self, table: sa.Table, row_id: str, field: str, data: object) -> str:
        """JSON data as a token."""
        return self.seal(table, row_id, field, _as_json(data))

    def open_json(self, table: sa.Table, row_id: str, field: str, token: str) -> Any:
        """The JSON data sealed in this cell."""
        return json.loads(self.open(table, row_id, field, token))

    def seal_each(
        self, table: sa.Table, row_id: str, field: str, values: Mapping[str, object]
    ) -> dict[str, str]:
        """A token for each of ``values``; each can be opened under its own name alone."""
        return {
            name: self.seal_json(table, row_id, f"{field}.{name}", value)
            for name, value in values.items()
        }

    def open_each(
        self, table: sa.Table, row_id: str, field: str, tokens: Mapping[str, str]
    ) -> dict[str, Any]:
        """The values that :meth:`seal_each` sealed."""
        return {
            name: self.open_json(table, row_id, f"{field}.{name}", token)
            for name, token in tokens.items()
        }
