"""The types of files that can be taken in, and how each is known by its content.

A table of our own and not a library: libmagic and its kind know hundreds of types and
answer with the likeliest, by rules that change between versions. Here a file either is
one of the few that a municipality can open, by the signature that its format
prescribes, or it is refused.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

HEAD_BYTES = 64 * 1024
"""So much of a file's beginning is looked at for its type."""


class Family(enum.StrEnum):
    """How a file is looked at further."""

    PDF = "pdf"
    PICTURE = "picture"
    ARCHIVE = "archive"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file: its name in a definition, its media type, the endings of its names.

    :param label: as citizens know it
    :param inside: of an archive, what must be in it: a name in its directory
    :param mimetype: of an archive, what its first file ``mimetype`` must hold; empty: none
    """

    name: str
    media_type: str
    endings: tuple[str, ...]
    family: Family
    label: str
    inside: str = ""
    mimetype: str = ""


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

FILE_TYPES: Final[Mapping[str, FileType]] = {
    one.name: one
    for one in (
        FileType("pdf", "application/pdf", ("pdf",), Family.PDF, "PDF"),
        FileType("jpg", "image/jpeg", ("jpg", "jpeg"), Family.PICTURE, "JPG"),
        FileType("png", "image/png", ("png",), Family.PICTURE, "PNG"),
        FileType("heic", "image/heic", ("heic", "heif"), Family.PICTURE, "HEIC"),
        FileType(
            "docx",
            f"{_OOXML}.wordprocessingml.document",
            ("docx",),
            Family.ARCHIVE,
            "Word (DOCX)",
            inside="word/document.xml",
        ),
        FileType(
            "xlsx",
            f"{_OOXML}.spreadsheetml.sheet",
            ("xlsx",),
            Family.ARCHIVE,
            "Excel (XLSX)",
            inside="xl/workbook.xml",
        ),
        FileType(
            "odt",
            f"{_ODF}.text",
            ("odt",),
            Family.ARCHIVE,
            "ODT",
            inside="content.xml",
            mimetype=f"{_ODF}.text",
        ),
        FileType(
            "ods",
            f"{_ODF}.spreadsheet",
            ("ods",),
            Family.ARCHIVE,
            "ODS",
            inside="content.xml",
            mimetype=f"{_ODF}.spreadsheet",
        ),
        FileType("txt", "text/plain", ("txt",), Family.TEXT, "TXT"),
        FileType("csv", "text/csv", ("csv",), Family.TEXT, "CSV"),
    )
}
"""Every type, by its name."""

COMMON_TYPES = ("pdf", "jpg", "png")
"""What a field takes that does not say."""

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_FTYP = slice(4, 8)
_BRAND = slice(8, 12)


def type_of_ending(name: str) -> FileType | None:
    """The type that the last ending of a name stands for; None: none that is known."""
    _, dot, ending = name.rpartition(".")
    if not dot:
        return None
    wanted = ending.lower()
    return next((one for one in FILE_TYPES.values() if wanted in one.endings), None)


def begins_as(head: bytes) -> frozenset[str]:
    """The types whose files begin like this. For an archive that is every kind of one."""
    if head.startswith(b"%PDF-"):
        return frozenset({"pdf"})
    if head.startswith(b"\xff\xd8\xff"):
        return frozenset({"jpg"})
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return frozenset({"png"})
    if head[_FTYP] == b"ftyp" and head[_BRAND] in _HEIF_BRANDS:
        return frozenset({"heic"})
    if head.startswith(b"PK\x03\x04"):
        return _of_family(Family.ARCHIVE)
    return frozenset() if b"\0" in head else _of_family(Family.TEXT)


def _of_family(family: Family) -> frozenset[str]:
    return frozenset(one.name for one in FILE_TYPES.values() if one.family is family)
