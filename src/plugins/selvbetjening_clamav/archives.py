"""Whether all that is in a zip archive can be looked through; so are office documents.

clamd says OK to an archive that is cut off in the middle, and, unless it is set to tell, to
what is encrypted or beyond its own limits. Other kinds of archives are left to clamd.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import IO

_PIECE = 256 * 1024
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
# Whatever else there is needs much memory or time, or cannot be unpacked here.
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = "it is damaged, or packed in a way that cannot be looked into"


class Unseen(Exception):
    """Nobody can tell what is in it; the sentence says why, and nothing about the content."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What clamd looks through as Debian sets it up, if ``largest`` is its ``MaxFileSize``.

    :param largest: bytes of one unpacked file, and of archives in each other together
    :param deepest: how many archives may be in each other
    """

    largest: int
    files: int = 10_000
    deepest: int = 5

    @property
    def together(self) -> int:
        """Bytes of everything unpacked: ``MaxScanSize`` beside ``MaxFileSize``."""
        return 4 * self.largest


def look_into(opened: IO[bytes], limits: Limits) -> None:
    """Unpack a zip archive in memory, a piece at a time, to see that it can be done.

    Any other file is left alone. Personal data: the file; nothing is kept of it.

    :raises Unseen: it cannot be
    :raises OSError: the file cannot be read
    """
    try:
        _Look(limits).at_file(opened)
    except (Unseen, OSError):
        raise
    except Exception:  # noqa: BLE001 - zipfile raises whatever a damaged archive makes it
        # What such an error says may hold what is in the file.
        raise Unseen(_DAMAGED) from None


class _Look:
    """One archive with all that is in it.

    ``_left`` bytes of it may still be unpacked; archives of ``_held`` bytes are in memory, each
    in the one before.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.together
        self._held = 0

    def at_file(self, opened: IO[bytes]) -> None:
        beginning = opened.read(len(_BEGINNINGS[0]))
        if not beginning.startswith(_BEGINNINGS):
            return
        if opened.seekable():
            self._at_archive(opened, depth=1)
            return
        kept = io.BytesIO(beginning + opened.read(self._limits.largest))
        self._at_archive(kept, depth=1)

    def _at_archive(self, archive: IO[bytes], depth: int) -> None:
        if depth > self._limits.deepest:
            raise Unseen("there are too many archives in each other")
        if _entries(archive) > self._limits.files:
            raise Unseen("there are too many files in the archive")
        with zipfile.ZipFile(archive) as opened:
            for entry in opened.infolist():
                if entry.flag_bits & _ENCRYPTED:
                    raise Unseen("it is encrypted")
                if entry.compress_type not in _PACKED:
                    raise Unseen(_DAMAGED)
                self._at_entry(opened, entry, depth)

    def _at_entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, depth: int) -> None:
        inner, size = io.BytesIO(), 0
        is_archive = False
        # To its end, where zipfile compares the checksum.
        with archive.open(entry) as opened:
            while piece := opened.read(_PIECE):
                is_archive = is_archive or (not size and piece.startswith(_BEGINNINGS))
                size += len(piece)
                self._left -= len(piece)
                if is_archive:
                    self._held += len(piece)
                    inner.write(piece)
                if max(size, self._held) > self._limits.largest or self._left < 0:
                    raise Unseen("there is too much in the archive")
        if is_archive:
            self._at_archive(inner, depth + 1)
            self._held -= size


def _entries(archive: IO[bytes]) -> int:
    """At most so many entries it has: zipfile would keep all of them in memory, however many."""
    archive.seek(0)
    count, tail = 0, b""
    while piece := archive.read(_PIECE):
        count += (tail + piece).count(_ENTRY)
        tail = piece[-(len(_ENTRY) - 1) :]
    archive.seek(0)
    return count
