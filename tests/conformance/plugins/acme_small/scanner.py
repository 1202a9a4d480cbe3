"""A scanner that knows one virus, and looks into archives."""

from __future__ import annotations

import io
import zipfile

from zope.interface import implementer

from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IScanner
from selvbetjening_core.values import Data, ScanResult, ScanVerdict

VIRUS = b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!"
PIECE = 1 << 20
LARGEST = 50_000_000
DEEPEST = 3

CLEAN = ScanVerdict(ScanResult.CLEAN)
FOUND = ScanVerdict(ScanResult.INFECTED, "EICAR test virus")
ENCRYPTED = 0x1


class Refused(Exception):
    """Nobody can look into it; the message says why."""


@implementer(IScanner)
class SmallScanner:
    def __init__(self, context):
        self.deepest = DEEPEST

    def scan(self, attachment):
        try:
            with attachment.open() as file:
                return FOUND if self.is_infected(file, 0) else CLEAN
        except (Refused, zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
            reason = str(error) if isinstance(error, Refused) else "it cannot be read"
            return ScanVerdict(ScanResult.REFUSED, reason)

    def is_infected(self, file, depth):
        """Read in pieces; an archive is kept, up to a size, and looked into."""
        tail, kept, size = b"", io.BytesIO(), 0
        is_archive = False
        while piece := file.read(PIECE):
            if not size:
                is_archive = piece.startswith(b"PK")
            size += len(piece)
            if VIRUS in tail + piece:
                return True
            tail = piece[-len(VIRUS) :]
            if is_archive and size > LARGEST:
                raise Refused("too large to look into")
            if is_archive:
                kept.write(piece)
        return is_archive and self.is_infected_archive(kept, depth)

    def is_infected_archive(self, kept, depth):
        if depth >= self.deepest:
            raise Refused("too many archives in each other")
        with zipfile.ZipFile(kept) as archive:
            for entry in archive.infolist():
                if entry.flag_bits & ENCRYPTED:
                    raise Refused("encrypted")
                if entry.file_size > LARGEST:
                    raise Refused("too large to look into")
                with archive.open(entry) as file:
                    if self.is_infected(file, depth + 1):
                        return True
        return False


@hookimpl
def selvbetjening_register(register):
    register.component(
        IScanner,
        SmallScanner,
        help="Knows one virus.",
        reads={Data.ATTACHMENTS},
        holds="Nothing.",
        built_for="0.1",
    )
