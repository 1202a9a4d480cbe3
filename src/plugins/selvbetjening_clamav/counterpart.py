"""clamd on loopback, with faults: what the conformance kit runs against.

It answers as clamd 1.4 of Debian does, word for word; its one signature is the test virus.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import time
import zipfile
from typing import BinaryIO

from selvbetjening_core.testing import Fault, Loopback
from selvbetjening_core.testing.scan_files import EICAR

VERSION = "ClamAV 1.4.6/27820/Sat Nov 21 09:26:11 2026"
CLEAN = "stream: OK"
FOUND = "stream: Eicar-Test-Signature FOUND"
_TOO_LARGE = "INSTREAM size limit exceeded. ERROR"
_ENCRYPTED = "stream: Heuristics.Encrypted.Zip FOUND"
_TOO_DEEP = "stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND"
_DEEPEST = 17
_GARBAGE = b"\xff\x00\xfe this is no answer \xc3\x28"
_SPOILT = {
    Fault.BUSY: b"stream: Can't allocate memory ERROR\0",
    Fault.ERROR: b"stream: Can't create temporary file ERROR\0",
    Fault.GARBAGE: _GARBAGE,
    Fault.EMPTY: b"\0",
    Fault.LOST_ANSWER: b"",
}


class ClamdCounterpart(Loopback):
    """A clamd. Use it in a ``with`` statement.

    :param largest: its ``StreamMaxLength``, in bytes
    :param alerts: ``AlertEncrypted`` and ``AlertExceedsMax``
    """

    def __init__(self, *, largest: int = 26_214_400, alerts: bool = True) -> None:
        super().__init__()
        self.largest = largest
        self.alerts = alerts
        self.version = VERSION
        self.answer: bytes | None = None
        """What it says to a file in place of its own answer, if anything."""
        self.streams: list[int] = []
        """The sizes of the files that it was sent whole."""

    @property
    def settings(self) -> dict[str, object]:
        """Those of a plugin that asks here."""
        return {"host": "127.0.0.1", "port": self.port, "seconds": 1}

    def serve(self, connection: socket.socket) -> None:
        """Read one command and answer it as the fault of the moment says."""
        if self.fault is Fault.CUT_OFF:
            return
        if self.fault is Fault.SLOW:
            time.sleep(self.slow_seconds)
        with contextlib.closing(connection.makefile("rb")) as opened:
            said = self._said(_command(opened), opened)
        if self.fault is Fault.HANG:
            self.hang()
            return
        # Who hung up in the meantime is told nothing.
        with contextlib.suppress(OSError):
            connection.sendall(said)

    def _said(self, command: bytes, opened: BinaryIO) -> bytes:
        if command != b"zINSTREAM":
            own = {b"zVERSION": self.version, b"zPING": "PONG"}
            return _said(own.get(command, "UNKNOWN COMMAND"))
        content = self._received(opened)
        if content is None:
            return _said(_TOO_LARGE)
        self.streams.append(len(content))
        if self.answer is not None:
            return self.answer
        if self.fault in _SPOILT:
            return _SPOILT[self.fault]
        return _said(self._judged(content, 0))

    def _received(self, opened: BinaryIO) -> bytes | None:
        """The file that follows; None as soon as it is too large."""
        content = bytearray()
        while size := struct.unpack("!I", opened.read(4))[0]:
            if len(content) + size > self.largest:
                return None
            content += opened.read(size)
        return bytes(content)

    def _judged(self, content: bytes, depth: int) -> str:
        if EICAR in content:
            return FOUND
        if depth >= _DEEPEST:
            return _TOO_DEEP if self.alerts else CLEAN
        try:
            archive = zipfile.ZipFile(io.BytesIO(content))
        except zipfile.BadZipFile:
            # As clamd does: what is no archive any more is a file like any other.
            return CLEAN
        for entry in archive.infolist():
            if entry.flag_bits & 1:
                said = _ENCRYPTED if self.alerts else CLEAN
            else:
                said = self._judged(archive.read(entry), depth + 1)
            if said != CLEAN:
                return said
        return CLEAN


def _command(opened: BinaryIO) -> bytes:
    read = b""
    while not read.endswith(b"\0"):
        piece = opened.read(1)
        if not piece:
            return read
        read += piece
    return read[:-1]


def _said(text: str) -> bytes:
    return text.encode() + b"\0"
