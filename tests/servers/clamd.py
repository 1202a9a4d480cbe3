"""The real clamd of ClamAV, with one signature of our own: nothing is downloaded."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from selvbetjening_core.testing.scan_files import EICAR

CLAMD = shutil.which("clamd", path=os.pathsep.join(["/usr/sbin", os.environ.get("PATH", "")]))
MISSING = "clamd is not here: apt-get install clamav-daemon"
NAME = "Test.Eicar"
_SECONDS = 20.0
# As Debian sets it up, and what the documentation asks for beside.
_DEBIAN = {
    "MaxFileSize": "25M",
    "MaxScanSize": "100M",
    "MaxRecursion": "16",
    "StreamMaxLength": "25M",
    "ExtendedDetectionInfo": "yes",
}
ASKED_FOR = {"AlertEncrypted": "yes", "AlertExceedsMax": "yes"}


class Clamd:
    """A running clamd: ``path`` is its UNIX socket, ``port`` its port on loopback."""

    def __init__(self, folder: Path, port: int) -> None:
        self.path = folder / "clamd.ctl"
        self.port = port


@contextlib.contextmanager
def running(settings: Mapping[str, str] = ASKED_FOR) -> Iterator[Clamd]:
    """A clamd of Debian's settings with ``settings`` beside, ended with the statement."""
    assert CLAMD is not None, MISSING
    # Below a short folder: the address of a UNIX socket has 107 characters.
    with tempfile.TemporaryDirectory(prefix="clamd-") as made:
        folder = Path(made)
        clamd = Clamd(folder, _free_port())
        # Name, any kind of file, anywhere in it, these bytes.
        (folder / "own.ndb").write_text(f"{NAME}:0:*:{EICAR.hex()}\n", "ascii")
        written = {
            **_DEBIAN,
            **settings,
            "Foreground": "yes",
            "LocalSocket": str(clamd.path),
            "TCPSocket": str(clamd.port),
            "TCPAddr": "127.0.0.1",
            "DatabaseDirectory": str(folder),
            "TemporaryDirectory": str(folder),
        }
        file = folder / "clamd.conf"
        file.write_text("".join(f"{name} {value}\n" for name, value in written.items()), "ascii")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([CLAMD, "-c", str(file)], stdout=log, stderr=log)
        try:
            _wait(clamd, process, folder / "log")
            yield clamd
        finally:
            process.terminate()
            process.wait(_SECONDS)


def _wait(clamd: Clamd, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as asked:
            asked.connect(str(clamd.path))
            return
        time.sleep(0.02)
    raise RuntimeError(f"clamd did not start: {log.read_text('utf-8', 'replace')}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
