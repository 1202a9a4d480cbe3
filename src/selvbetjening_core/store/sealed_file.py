"""Files on the disk that nobody can read without their key.

A file is cut into pieces of 64 KiB, each sealed by AES-256-GCM under a key that belongs
to this file alone. The number of a piece is its nonce, which so never comes twice
under one key; municipality, file, number and whether it is the last piece are its
associated data. A piece that is missing, moved, of another file or beyond the end is
found when it is read.

The key is not in the file: it is kept, sealed, in the row that the file belongs to.
So a new master key has rows sealed anew, and no file written again; and a file whose
row is gone is unreadable at once, wherever copies of it lie.
"""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 64 * 1024
_TAG = 16
SEALED = PIECE + _TAG
KEY_BYTES = 32
_NONCE_BYTES = 12


class Pieces:
    """Seals and opens the pieces of one file.

    :param key: of this file alone: no number is sealed twice under it
    """

    def __init__(self, key: bytes, municipality: str, file_id: str) -> None:
        self._cipher = AESGCM(key)
        self._place = (municipality, file_id)

    def seal(self, number: int, piece: bytes, *, is_last: bool) -> bytes:
        """The piece as it stands on the disk: :data:`SEALED` bytes for a whole one."""
        return self._cipher.encrypt(_nonce(number), piece, self._told(number, is_last=is_last))

    def open(self, number: int, sealed: bytes, *, is_last: bool) -> bytes:
        """The piece.

        :raises OSError: it was changed, moved or cut off
        """
        try:
            return self._cipher.decrypt(_nonce(number), sealed, self._told(number, is_last=is_last))
        except InvalidTag:
            raise OSError("a kept file was changed, moved or cut off") from None

    def _told(self, number: int, *, is_last: bool) -> bytes:
        return json.dumps([*self._place, number, is_last]).encode()


class SealedWriter:
    """Writes one new file. Nothing of it is ever on the disk in clear.

    :param path: where; there is nothing yet
    """

    def __init__(self, path: Path, municipality: str, file_id: str) -> None:
        self.id = file_id
        key = os.urandom(KEY_BYTES)
        self.key = key.hex()
        self._pieces = Pieces(key, municipality, file_id)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._held = bytearray()
        self._number = 0

    def write(self, data: bytes) -> None:
        """Add ``data``.

        :raises OSError: the disk is full, or failed
        """
        self._held += data
        # One byte at least is held back: the last piece is told from the others.
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), is_last=False)
            del self._held[:PIECE]

    def finish(self) -> None:
        """Write what is left, durably.

        :raises OSError: the disk is full, or failed
        """
        self._put(bytes(self._held), is_last=True)
        self._held.clear()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def give_up(self) -> None:
        """Close it as it is: nobody can read it."""
        self._held.clear()
        self._file.close()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._pieces.seal(self._number, piece, is_last=is_last))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads a file that :class:`SealedWriter` wrote; seeks without reading what is between.

    :raises OSError: it is not there, or not as it was written
    """

    def __init__(self, path: Path, municipality: str, file_id: str, key: str) -> None:
        super().__init__()
        self._pieces = Pieces(bytes.fromhex(key), municipality, file_id)
        self._file = path.open("rb")
        size = os.fstat(self._file.fileno()).st_size
        self._last = max(0, (size - 1) // SEALED)
        self._size = size - (self._last + 1) * _TAG
        self._at = 0
        self._piece_number, self._piece = -1, b""

    def readable(self) -> bool:
        """Yes."""
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
        if start + offset < 0:
            raise OSError(errno.EINVAL, "before the start of a file")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` as far as one piece goes.

        :raises OSError: it was changed
        """
        number, within = divmod(self._at, PIECE)
        if number > self._last:
            return 0
        found = self._open(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()

    def _open(self, number: int) -> bytes:
        if number != self._piece_number:
            self._file.seek(number * SEALED)
            sealed = self._file.read(SEALED)
            self._piece = self._pieces.open(number, sealed, is_last=number == self._last)
            self._piece_number = number
        return self._piece


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE_BYTES)
