"""A parcel as one file: a zip archive, made in pieces."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Generator
from typing import TYPE_CHECKING

from selvbetjening_core.values import Parcel
from selvbetjening_core.values.parcel_files import parcel_files

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PIECE = 256 * 1024
_ONLY_THE_OWNER = 0o600 << 16


def archive(parcel: Parcel) -> Generator[bytes]:
    """The archive of the parcel's files, in pieces; none is kept in memory as a whole.

    Personal data throughout.

    :raises OSError: an attachment cannot be read, or is not the file that was sent
    """
    pieces = _Pieces()
    with zipfile.ZipFile(pieces, "w") as opened:
        for name, contents in parcel_files(parcel).items():
            with opened.open(_entry(name, parcel), "w") as entry:
                for content in contents:
                    entry.write(content)
                    if pieces.waiting >= _PIECE:
                        yield pieces.take()
    yield pieces.take()


def _entry(name: str, parcel: Parcel) -> zipfile.ZipInfo:
    # When it was received, in UTC: the same at every attempt.
    received = parcel.case.received_at.astimezone(datetime.UTC)
    entry = zipfile.ZipInfo(name, received.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = _ONLY_THE_OWNER
    return entry


class _Pieces(io.RawIOBase):
    """What is written waits here until it is taken. It cannot go back."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Keep a copy."""
        piece = bytes(data)
        self._written.append(piece)
        self.waiting += len(piece)
        return len(piece)

    def take(self) -> bytes:
        """All that is waiting."""
        taken = b"".join(self._written)
        self._written.clear()
        self.waiting = 0
        return taken
