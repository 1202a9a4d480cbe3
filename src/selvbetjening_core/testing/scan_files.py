"""Files for scanners: clean, with the test virus, and such as nobody can look into."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable
from typing import BinaryIO

from selvbetjening_core.testing.cases import PDF
from selvbetjening_core.values import Attachment

# Put together here, so that no scanner takes this module for a virus.
EICAR = b"".join(
    (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*")
)
"""The test virus that every scanner knows (EICAR, 2003): harmless."""

LARGEST_PIECE = 16_000_000
"""Bytes that a scanner may read at once."""

_DEPTH = 40
_ENCRYPTED = 0x1
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
_FLAG_AT = {_LOCAL: 6, _CENTRAL: 8}


def archive(name: str, content: bytes, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive with one file in it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", how) as made:
        made.writestr(name, content)
    return whole.getvalue()


def infected_archive() -> bytes:
    """The test virus, packed."""
    return archive("faktura.txt", EICAR)


def encrypted_archive() -> bytes:
    """An archive whose files are marked as encrypted: nobody can look into them."""
    made = bytearray(archive("hemmeligt.txt", b"\x17" * 100, zipfile.ZIP_STORED))
    for mark, offset in _FLAG_AT.items():
        made[made.index(mark) + offset] |= _ENCRYPTED
    return bytes(made)


def damaged_archive() -> bytes:
    """An archive that ends in the middle."""
    whole = archive("brev.txt", bytes(range(256)) * 40, zipfile.ZIP_STORED)
    return whole[: len(whole) // 2]


def deep_archive() -> bytes:
    """An archive in an archive, deeper than anybody packs."""
    made = EICAR
    for _ in range(_DEPTH):
        made = archive("inderst.zip", made)
    return made


def archive_with_padding(size: int) -> bytes:
    """The test virus in an archive, unpacked and so many bytes from the beginning."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as made:
        made.writestr("fyld.bin", b"\0" * size)
        made.writestr("virus.com", EICAR)
    return whole.getvalue()


CLEAN = (
    "Kære kommune. Jeg har mistet mit sundhedskort.".encode(),
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    PDF,
    archive("brev.txt", b"Intet galt her."),
)
"""Files with nothing wrong in them."""


class _Zeros(io.RawIOBase):
    """So many zeros, made as they are read."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        size = min(len(buffer), self._left)
        buffer[:size] = bytes(size)
        self._left -= size
        return size


def large(size: int) -> Callable[[], BinaryIO]:
    """A way to open so many zeros that are never in memory together."""
    return lambda: io.BufferedReader(_Zeros(size))


class _Pieces(io.RawIOBase):
    """What is read of ``inner``, and how much of it at once."""

    def __init__(self, inner: BinaryIO, owner: Watched) -> None:
        self._inner = inner
        self._owner = owner

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._inner.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()

    def read(self, size: int | None = -1) -> bytes:
        piece = self._inner.read(-1 if size is None else size)
        self._owner.saw(len(piece))
        return piece

    def readall(self) -> bytes:
        return self.read()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._owner.saw_close()
        super().close()


class _Broken(io.RawIOBase):
    """A disk that gives up after the first piece."""

    def __init__(self) -> None:
        self._is_first = True

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if not self._is_first:
            raise OSError("the disk gave up")
        self._is_first = False
        return b"Den begynder godt. "[:size]


class Watched:
    """A file that tells how it is read, and whether it is closed."""

    def __init__(self, open_: Callable[[], BinaryIO], size: int = 100_000_000) -> None:
        self._open = open_
        self._lock = threading.Lock()
        self.opened = self.closed = self.largest = 0
        # Held, so that none is closed by being thrown away.
        self._held: list[_Pieces] = []
        self.attachment = Attachment(
            name="fil.bin",
            media_type="application/octet-stream",
            size=size,
            sha256="",
            open=self._opened,
        )

    @classmethod
    def of(cls, content: bytes) -> Watched:
        """A file with these contents."""
        return cls(lambda: io.BytesIO(content), len(content))

    @classmethod
    def that_breaks(cls) -> Watched:
        """A file that cannot be read to its end."""
        return cls(_Broken, 1_000)  # type: ignore[arg-type]

    @classmethod
    def that_cannot_be_opened(cls) -> Watched:
        """A file that is gone."""
        return cls(_gone)

    def saw(self, size: int) -> None:
        """So much was read at once."""
        with self._lock:
            self.largest = max(self.largest, size)

    def saw_close(self) -> None:
        """One of the opened files was closed."""
        with self._lock:
            self.closed += 1

    def _opened(self) -> BinaryIO:
        inner = self._open()
        pieces = _Pieces(inner, self)
        with self._lock:
            self.opened += 1
            self._held.append(pieces)
        return pieces  # type: ignore[return-value]


def _gone() -> BinaryIO:
    raise OSError("the file is gone")
