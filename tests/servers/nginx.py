"""A real nginx on loopback, with a configuration that is being tested."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_READY_SECONDS = 20
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 2048; }}
http {{
{paths}
include {folder}/site.conf;
}}
"""


def nginx_program() -> str | None:
    """Where it is, if this machine has it; Debian keeps it out of a user's path."""
    return shutil.which("nginx", path=os.pathsep.join((os.environ["PATH"], "/usr/sbin")))


@contextlib.contextmanager
def nginx(configuration: str, address: tuple[str, int]) -> Iterator[Path]:
    """Serve ``configuration``, what stands in ``http``, while the context lasts.

    :param address: where it says that it listens
    :returns: the log of its errors
    """
    program = nginx_program()
    assert program is not None, "nginx is not installed"
    folder = Path(tempfile.mkdtemp(prefix="nginx-"))
    paths = "\n".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY)
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, paths=paths), "utf-8")
    (folder / "site.conf").write_text(configuration, "utf-8")
    process = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _await(process, address)
        yield folder / "error.log"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def _await(process: subprocess.Popen, address: tuple[str, int]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        assert process.poll() is None, process.stderr.read().decode()
        with contextlib.suppress(OSError), socket.create_connection(address, timeout=1):
            return
        assert time.monotonic() < deadline, "nginx is not ready"
        time.sleep(0.02)
