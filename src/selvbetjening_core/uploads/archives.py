"""Archives: what is packed in a file, before anybody unpacks it.

The directory of a zip archive tells how large everything is; it may lie. So its sums
are judged first, and then everything is unpacked, in pieces and to nowhere, and
counted. No scanner is asked about it: one is known to find nothing in an archive that
is beyond its limits.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from typing import BinaryIO

from selvbetjening_core.uploads.refusal import FileRefused
from selvbetjening_core.uploads.types import FileType

MOST_FILES = 2_000
MOST_UNPACKED = 100_000_000
MOST_RATIO = 100
"""How many times its packed size a file may grow; the first megabyte is free."""
_FREE = 1_000_000

_PIECE = 64 * 1024
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MACROS = "vbaproject.bin"
_PACKED = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError)


def check_archive(wanted: FileType, content: BinaryIO, size: int) -> None:
    """Is it the document that it says it is, and safe to unpack?

    :param size: of the whole, in bytes
    :raises FileRefused: ``wrong_type``, ``password`` or ``unreadable``
    """
    if _entries(content) > MOST_FILES:
        raise FileRefused("unreadable")
    try:
        with zipfile.ZipFile(content) as archive:
            found = archive.infolist()
            _check_directory(found, size)
            _check_document(wanted, archive, found)
            _unpack_all(archive, found)
    except _BROKEN:
        raise FileRefused("unreadable") from None


def _entries(content: BinaryIO) -> int:
    """At most so many files are in it: zipfile keeps an object of each before it can be asked."""
    content.seek(0)
    count, before = 0, b""
    while piece := content.read(_PIECE):
        count += (before + piece).count(_ENTRY)
        before = piece[1 - len(_ENTRY) :]
    return count


def _check_directory(found: Sequence[zipfile.ZipInfo], size: int) -> None:
    if any(one.flag_bits & _ENCRYPTED for one in found):
        raise FileRefused("password")
    is_known = all(one.compress_type in _METHODS for one in found)
    if not is_known or any(_leads_out(one.filename) for one in found):
        raise FileRefused("unreadable")
    if len({one.filename for one in found}) < len(found):
        # Of two files of one name, one program shows the first and another the last.
        raise FileRefused("unreadable")
    _check_growth(sum(one.file_size for one in found), size)
    for one in found:
        _check_growth(one.file_size, one.compress_size)


def _check_growth(unpacked: int, packed: int) -> None:
    if unpacked > MOST_UNPACKED or unpacked > max(_FREE, packed * MOST_RATIO):
        raise FileRefused("unreadable")


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or ":" in parts[0]


def _check_document(
    wanted: FileType, archive: zipfile.ZipFile, found: Sequence[zipfile.ZipInfo]
) -> None:
    names = [one.filename for one in found]
    if wanted.inside not in names or any(name.lower().endswith(_MACROS) for name in names):
        raise FileRefused("wrong_type", types=wanted.label)
    if not wanted.mimetype:
        return
    with archive.open("mimetype") if names[0] == "mimetype" else archive.open(found[0]) as first:
        if first.read(len(wanted.mimetype) + 1) != wanted.mimetype.encode():
            raise FileRefused("wrong_type", types=wanted.label)


def _unpack_all(archive: zipfile.ZipFile, found: Sequence[zipfile.ZipInfo]) -> None:
    """Count what really comes out of it. A file that is longer than told fails its checksum."""
    unpacked = 0
    for one in found:
        with archive.open(one) as file:
            piece = file.read(_PIECE)
            if piece.startswith(_PACKED):
                raise FileRefused("unreadable")
            while piece:
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED:
                    raise FileRefused("unreadable")
                piece = file.read(_PIECE)
