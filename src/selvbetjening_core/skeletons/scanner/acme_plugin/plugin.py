"""The component: files in pieces, archives, and what nobody can look into."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO

from selvbetjening_core.hooks import Register, hookimpl
from selvbetjening_core.interfaces import IScanner
from selvbetjening_core.values import Attachment, ComponentContext, Data, ScanResult, ScanVerdict
from zope.interface import implementer

from acme_plugin.engine import OVERLAP, find

PIECE = 1 << 20
LARGEST_ARCHIVE = 50_000_000
DEEPEST = 3

_ENCRYPTED = 0x1
_UNREADABLE = (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)


class Refused(Exception):
    """Nobody can look into it; the sentence says why."""


@implementer(IScanner)
class AcmeScanner:
    """One scanner of one municipality. Keeps nothing of what it sees."""

    def __init__(self, context: ComponentContext) -> None:
        """It has no settings."""

    def scan(self, attachment: Attachment) -> ScanVerdict:
        """Whether the file may go on."""
        try:
            with attachment.open() as file:
                finding = _look(file, 0)
        except Refused as why:
            return ScanVerdict(ScanResult.REFUSED, str(why))
        except _UNREADABLE:
            # What such an error says may hold what is in the file.
            return ScanVerdict(ScanResult.REFUSED, "it cannot be read")
        return ScanVerdict(ScanResult.INFECTED if finding else ScanResult.CLEAN, finding)


def _look(file: IO[bytes], depth: int) -> str:
    """What is found in the file, piece by piece; an archive is opened as well."""
    tail, archive = b"", None
    first = True
    while piece := file.read(PIECE):
        if first and piece.startswith(b"PK"):
            archive = io.BytesIO()
        first = False
        # Nothing hides across two pieces.
        finding = find(tail + piece)
        if finding:
            return finding
        tail = piece[-OVERLAP:]
        if archive is not None:
            archive.write(piece)
            if archive.tell() > LARGEST_ARCHIVE:
                raise Refused("the archive is too large to look into")
    return "" if archive is None else _look_inside(archive, depth)


def _look_inside(archive: IO[bytes], depth: int) -> str:
    if depth >= DEEPEST:
        raise Refused("there are too many archives in each other")
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            if entry.flag_bits & _ENCRYPTED:
                raise Refused("it is encrypted")
            if entry.file_size > LARGEST_ARCHIVE:
                raise Refused("what is in the archive is too large to look into")
            with opened.open(entry) as file:
                finding = _look(file, depth + 1)
            if finding:
                return finding
    return ""


@hookimpl
def selvbetjening_register(register: Register) -> None:
    """Say what this plugin offers."""
    register.component(
        IScanner,
        AcmeScanner,
        help="Files are looked through by Acme.",
        reads=(Data.ATTACHMENTS,),
        holds="Nothing: a file is forgotten when it has been looked through.",
        built_for="0.1",
    )
