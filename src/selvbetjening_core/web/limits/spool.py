"""A request's body that waits to be read, on the disk: unreadable to anybody else.

waitress keeps a long body in a temporary file until all of it is there. What citizens
send is never on the disk in clear, so that file is written under a key that is in
memory alone, and gone with the request.
"""

from __future__ import annotations

import errno
import io
import os
import tempfile
from typing import Any

from waitress.buffers import OverflowableBuffer, TempfileBasedBuffer
from waitress.parser import HTTPRequestParser

from selvbetjening_core.store.sealed_file import KEY_BYTES, PIECE, SEALED, Pieces


class UnreadableFile(io.RawIOBase):
    """A temporary file, sealed piece by piece under a key of its own. Added to at its end alone.

    The last piece is in memory until it is full.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pieces = Pieces(os.urandom(KEY_BYTES), "", "")
        self._file = tempfile.TemporaryFile("w+b", buffering=0)  # noqa: SIM115 - closed in close
        self._count, self._tail = 0, bytearray()
        self._at = 0
        self._opened = (-1, b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def writable(self) -> bool:
        """Yes, at its end."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Stand elsewhere."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as one piece goes."""
        number, within = divmod(self._at, PIECE)
        if number > self._count:
            return 0
        found = self._piece(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def write(self, data: Any) -> int:
        """Add ``data``.

        :raises OSError: the disk is full, or it does not stand at the end
        """
        if self._at != self._size:
            raise OSError(errno.EINVAL, "such a file is added to at its end alone")
        self._tail += data
        while len(self._tail) >= PIECE:
            sealed = self._pieces.seal(self._count, bytes(self._tail[:PIECE]), is_last=False)
            self._file.seek(self._count * SEALED)
            rest = memoryview(sealed)
            while rest:
                rest = rest[self._file.write(rest) :]
            del self._tail[:PIECE]
            self._count += 1
        self._at = self._size
        return len(data)

    def close(self) -> None:
        """Remove it."""
        if not self.closed:
            self._file.close()
            self._tail.clear()
        super().close()

    @property
    def _size(self) -> int:
        return self._count * PIECE + len(self._tail)

    def _piece(self, number: int) -> bytes:
        if number == self._count:
            return bytes(self._tail)
        if self._opened[0] != number:
            self._file.seek(number * SEALED)
            sealed = self._file.read(SEALED) or b""
            self._opened = number, self._pieces.open(number, sealed, is_last=False)
        return self._opened[1]


class _LongBody(TempfileBasedBuffer):  # type: ignore[misc]  # Waitress has no types
    def newfile(self) -> UnreadableFile:
        return UnreadableFile()


class _Body(OverflowableBuffer):  # type: ignore[misc]  # as above
    buf: Any = None

    def _set_large_buffer(self) -> None:
        short = self.buf
        self.buf = _LongBody(short)
        if short is not None:
            short.close()
        self.overflowed = True


class Parser(HTTPRequestParser):  # type: ignore[misc]  # as above
    """A parser of requests that keeps no body in clear."""

    def parse_header(self, header_plus: bytes) -> None:
        """As waitress's own; the body that is to come goes elsewhere."""
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = _Body(self.adj.inbuf_overflow)
