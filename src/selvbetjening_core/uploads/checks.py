"""Is a file what its name says, of a type that is wanted, and safe to keep?"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from selvbetjening_core.uploads.archives import check_archive
from selvbetjening_core.uploads.pictures import MOST_PIXELS, pixels
from selvbetjening_core.uploads.refusal import FileRefused
from selvbetjening_core.uploads.types import (
    FILE_TYPES,
    HEAD_BYTES,
    Family,
    FileType,
    begins_as,
    type_of_ending,
)

_PIECE = 64 * 1024
_LONGEST_MARK = 64
_OFFICE_OF_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""So begins what Word and Excel wrote before 2007, and what they write with a password."""
_WITH_PASSWORD = re.compile("EncryptedPackage".encode("utf-16-le"))
_PDF_WITH_PASSWORD = re.compile(rb"/Encrypt[\0\t\n\f\r ]*(?:[0-9]+[\0\t\n\f\r ]+[0-9]|<<)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE
)


def labels(types: Sequence[str]) -> str:
    """The types as citizens know them: ``PDF, JPG, PNG``."""
    return ", ".join(FILE_TYPES[name].label for name in types)


def check_file(name: str, content: BinaryIO, size: int, types: Sequence[str]) -> FileType:
    """The type of a file: its ending, its content and what is wanted agree.

    Reads in pieces; takes no more memory than a piece, however large the file.

    :param name: a name that :func:`~selvbetjening_core.uploads.names.checked_name` gave
    :param content: all of it; read from the start
    :param types: the names of the types that are wanted
    :raises FileRefused: it is not to be taken in, and why
    """
    if not size:
        raise FileRefused("empty_file")
    wanted = type_of_ending(name)
    content.seek(0)
    head = content.read(HEAD_BYTES)
    if head.startswith(_OFFICE_OF_OLD) and _has(content, _WITH_PASSWORD):
        raise FileRefused("password")
    if wanted is None or wanted.name not in types or wanted.name not in begins_as(head):
        raise FileRefused("wrong_type", types=labels(types))
    if wanted.family is Family.ARCHIVE:
        check_archive(wanted, content, size)
    else:
        _check_plain(wanted, head, content, types)
    return wanted


def _check_plain(wanted: FileType, head: bytes, content: BinaryIO, types: Sequence[str]) -> None:
    content.seek(0)
    if zipfile.is_zipfile(content):
        # A file of two types at once: an archive can stand behind any other.
        raise FileRefused("wrong_type", types=labels(types))
    if wanted.family is Family.PDF and _has(content, _PDF_WITH_PASSWORD):
        raise FileRefused("password")
    if (
        wanted.family is Family.PICTURE
        and not 0 < pixels(wanted.name, head, content) <= MOST_PIXELS
    ):
        raise FileRefused("unreadable")
    if wanted.family is Family.TEXT and not _is_text(content):
        raise FileRefused("wrong_type", types=labels(types))


def _has(content: BinaryIO, mark: re.Pattern[bytes]) -> bool:
    content.seek(0)
    before = b""
    for piece in _pieces(content):
        if mark.search(before + piece):
            return True
        before = piece[-_LONGEST_MARK:]
    return False


def _is_text(content: BinaryIO) -> bool:
    """Text in UTF-8, or else in Windows-1252, without control characters, that is no page."""
    return any(_reads_as(content, encoding) for encoding in ("utf-8-sig", "cp1252"))


def _reads_as(content: BinaryIO, encoding: str) -> bool:
    content.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    before = ""
    try:
        for piece in _pieces(content):
            text = before + decoder.decode(piece)
            if _CONTROLS.search(text) or _MARKUP.search(text):
                return False
            before = text[-_LONGEST_MARK:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    while piece := content.read(_PIECE):
        yield piece
