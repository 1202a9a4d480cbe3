"""Between an importer and the command that imports."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file from another system, as it was found."""

    name: str
    content: bytes


class Mapped(enum.StrEnum):
    """What became of one element of the source."""

    EXACTLY = "exactly"
    DIFFERENTLY = "differently"
    """Taken over, with a difference that ``note`` says in words."""
    NOT = "not"
    """Kept as a visible placeholder with its original."""


@dataclass(frozen=True, slots=True)
class ImportedElement:
    """One element of the source, accounted for.

    :param source: its path in the source
    :param target: the path of what it became in the definition; empty for none
    """

    source: str
    mapped: Mapped
    target: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """A solution made from a foreign form.

    :param files: the solution's files by name, ``solution.toml`` among them
    :param elements: every element of the source, each exactly once
    """

    name: str
    files: Mapping[str, bytes]
    elements: tuple[ImportedElement, ...] = field(default_factory=tuple)
