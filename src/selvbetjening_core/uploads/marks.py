"""Is a file a filled-in copy of a template? Told by one mark that every copy keeps.

The mark is the heading of a column in a CSV file, the whole text of a cell in a
spreadsheet, or the name of a form field in a PDF. What keeps no such thing readable (a
photograph, a PDF that was printed anew) cannot be told, and has no mark. The look is a
search for bytes: no markup, formula or script of the file is interpreted.
"""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import BinaryIO

from selvbetjening_core.uploads.archives import MOST_UNPACKED

_MOST_HEADING = 64 * 1024
_DELIMITERS = ",;\t"
_CELLS = re.compile(r"xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml|content\.xml")
_STREAM = re.compile(rb"stream\r?\n")


def has_mark(type_name: str, content: BinaryIO, mark: str) -> bool:
    """Is ``mark`` in the file? It has been found to be of its type, and safe to unpack.

    :param type_name: one of :data:`MARKED_TYPES`
    :param content: all of it; read from the start
    """
    content.seek(0)
    return _READERS[type_name](content, mark)


def _in_csv(content: BinaryIO, mark: str) -> bool:
    raw = content.readline(_MOST_HEADING)
    try:
        heading = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        heading = raw.decode("cp1252", "replace")
    rows = (next(csv.reader([heading], delimiter=one), []) for one in _DELIMITERS)
    return any(mark == cell.strip() for row in rows for cell in row)


def _in_cells(content: BinaryIO, mark: str) -> bool:
    cell = re.compile(rb">\s*" + re.escape(escape(mark, quote=False).encode()) + rb"\s*<")
    with zipfile.ZipFile(content) as archive:
        return any(
            cell.search(archive.read(name)) is not None
            for name in archive.namelist()
            if _CELLS.fullmatch(name)
        )


def _in_pdf(content: BinaryIO, mark: str) -> bool:
    raw = content.read()
    wanted = _field_name(mark)
    return any(wanted.search(part) is not None for part in (raw, *_unpacked(raw)))


def _field_name(mark: str) -> re.Pattern[bytes]:
    """How a PDF writes the name of a form field: plain, or as UTF-16, in one of two brackets."""
    wide = b"\xfe\xff" + mark.encode("utf-16-be")
    texts = [wide, *([mark.encode("ascii")] if mark.isascii() else [])]
    plain = [rb"\(" + re.escape(_in_brackets(one)) + rb"\)" for one in texts]
    hexed = [b"<" + one.hex().encode() + b">" for one in texts]
    return re.compile(rb"/T\s*(?:" + b"|".join((*plain, *hexed)) + rb")", re.IGNORECASE)


def _in_brackets(text: bytes) -> bytes:
    return re.sub(rb"([\\()])", rb"\\\1", text)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    """What is packed in the PDF: newer programs put its objects there. Bounded in all."""
    left = MOST_UNPACKED
    for found in _STREAM.finditer(raw):
        try:
            part = zlib.decompressobj().decompress(raw[found.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        yield part
        if left <= 0:
            return


_READERS: Mapping[str, Callable[[BinaryIO, str], bool]] = {
    "csv": _in_csv,
    "xlsx": _in_cells,
    "ods": _in_cells,
    "pdf": _in_pdf,
}
MARKED_TYPES = tuple(_READERS)
"""The types whose files can have a mark, by their names in a definition."""
