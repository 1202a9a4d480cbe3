"""Acme's own format: the three methods you fill in.

As it stands: a first line ``ACME-FORM;name;title``, then one line for each field,
``name;label;kind``.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from selvbetjening_core.values import Mapped

_HEAD = "ACME-FORM"
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_SAME = {"tekst": "text", "dato": "date", "tal": "number"}
_OTHER = {"valgfri tekst": ("text", "the answer is no longer optional")}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the source."""

    name: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Form:
    """What is in one file."""

    name: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a field becomes, and how much of it that is; ``note`` says what is different."""

    kind: str
    label: str
    mapped: Mapped = Mapped.EXACTLY
    note: str = ""


class Export:
    """What Acme exports."""

    def begins_right(self, content: bytes) -> bool:
        """Is it of this format? Any bytes may come."""
        return content.startswith(f"{_HEAD};".encode())

    def read(self, content: bytes) -> Form:
        """The form in the file. Nothing in it is evaluated.

        :raises ValueError: it cannot be read; the sentence says where
        """
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"not UTF-8 from byte {error.start} on") from None
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        if not rows or len(rows[0]) != 3 or rows[0][0] != _HEAD or not _NAME.fullmatch(rows[0][1]):
            raise ValueError(f"line 1: it should be {_HEAD};name;title")
        fields = [_field(number, row) for number, row in enumerate(rows[1:], start=2)]
        return Form(rows[0][1], rows[0][2], tuple(fields))

    def mapped(self, field: Field) -> Target:
        """What the field becomes here. What is like nothing stays, for all to see."""
        if field.kind in _SAME:
            return Target(_SAME[field.kind], field.label)
        if field.kind in _OTHER:
            kind, note = _OTHER[field.kind]
            return Target(kind, field.label, Mapped.DIFFERENTLY, note)
        label = f"{field.label} (mangler: {field.kind})"
        return Target("message", label, Mapped.NOT, f"no field is like {field.kind}")


def _field(number: int, row: list[str]) -> Field:
    if len(row) != 3 or not _NAME.fullmatch(row[0]):
        raise ValueError(f"line {number}: it should be name;label;kind")
    return Field(*row)
