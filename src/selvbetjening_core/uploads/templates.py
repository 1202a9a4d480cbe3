"""A municipality's own blank, which citizens fill in and send along.

It stands beside the definition that names it, so that both are changed, kept and looked
through together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from selvbetjening_core.uploads.checks import check_file
from selvbetjening_core.uploads.limits import MEGABYTE
from selvbetjening_core.uploads.marks import MARKED_TYPES, has_mark
from selvbetjening_core.uploads.refusal import FileRefused
from selvbetjening_core.uploads.types import FILE_TYPES, FileType, type_of_ending

LARGEST = 5 * MEGABYTE
_NAME = re.compile(r"\w[\w ()-]{0,80}\.[a-z]{3,4}")


@dataclass(frozen=True, slots=True)
class Template:
    """A blank. ``mark`` is what every filled-in copy keeps; empty: nothing can tell."""

    file: Path
    type: FileType
    mark: str = ""

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.file.stat().st_size


def found_template(folder: Path, name: str, mark: str) -> Template | None:
    """The template called ``name`` in ``folder``; None where there is none of a known type."""
    kind = type_of_ending(name)
    if kind is None or _NAME.fullmatch(name) is None or not (folder / name).is_file():
        return None
    return Template(folder / name, kind, mark)


def fault_in(template: Template, wanted: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with a template, and what to do, for whoever wrote the definition.

    :param wanted: the names of the types that the field takes
    """
    name, kind = template.file.name, template.type
    if kind.name not in wanted:
        return f'a filled-in "{name}" could not be sent', f'add "{kind.name}" to types'
    if template.size > LARGEST:
        return f'"{name}" has more than {LARGEST // MEGABYTE} MB', "make it smaller"
    try:
        with template.file.open("rb") as content:
            check_file(name, content, template.size, tuple(FILE_TYPES))
            return _fault_in_mark(template, content) if template.mark else None
    except (FileRefused, OSError):
        return f'"{name}" cannot be opened as a {kind.name}', "save it anew"


def _fault_in_mark(template: Template, content: BinaryIO) -> tuple[str, str] | None:
    kind = template.type.name
    if kind not in MARKED_TYPES:
        return (
            f"nothing can tell whether a {kind} is this template",
            f"take template_mark away, or use one of: {', '.join(MARKED_TYPES)}",
        )
    if has_mark(kind, content, template.mark):
        return None
    return (
        f'"{template.file.name}" does not have the mark "{template.mark}" itself',
        "write the heading of a column, the text of a cell or the name of a form field",
    )
