"""What a process asks of the disk and the network, and disks that fail: by ``strace``."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"^(?P<pid>\d+)\s+(?P<at>[\d.]+)\s+(?P<rest>.*)$")
_ATTACH_SECONDS = 10


@dataclass(frozen=True)
class Call:
    """A system call that has come to its end."""

    pid: int
    name: str
    text: str


def is_there() -> bool:
    """Can processes be traced here?"""
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return done.returncode == 0


@contextlib.contextmanager
def attached(pid: int, log: Path, *options: str) -> Iterator[None]:
    """Trace a process and its threads, and let it go on untraced in the end."""
    command = ["strace", "-f", "-ttt", "-yy", "-s", "300", "-o", str(log), *options]
    tracer = subprocess.Popen(
        [*command, "-p", str(pid)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        _await_attached(tracer)
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(10)
        tracer.stderr.close()


def calls(log: Path) -> list[Call]:
    """The calls in a log, in the order in which they came to their end."""
    begun: dict[int, str] = {}
    found = []
    for line in log.read_text("utf-8", errors="replace").splitlines():
        matched = _LINE.match(line)
        if matched is None:
            continue
        pid, rest = int(matched["pid"]), matched["rest"]
        if rest.endswith("<unfinished ...>"):
            begun[pid] = rest.removesuffix("<unfinished ...>")
            continue
        if rest.startswith("<... "):
            rest = begun.pop(pid, "") + rest.partition(" resumed>")[2]
        found.append(Call(pid, rest.partition("(")[0], rest))
    return found


def unsynced(found: Sequence[Call], wal: str, answer: str) -> tuple[int, int]:
    """How many answers were sent, and how many of them before what was written was synced.

    :param wal: a part of the log file's path
    :param answer: what tells an answer in what is sent
    """
    is_dirty, answers, early = False, 0, 0
    for call in found:
        if wal in call.text and call.name.startswith("pwrite"):
            is_dirty = True
        elif wal in call.text and call.name in ("fdatasync", "fsync") and "= 0" in call.text:
            is_dirty = False
        elif call.name in ("sendto", "write", "sendmsg", "send") and answer in call.text:
            answers += 1
            early += is_dirty
    return answers, early


def _await_attached(tracer: subprocess.Popen) -> None:
    """It says so on its standard error, for each thread, some of which come a moment later."""
    deadline = time.monotonic() + _ATTACH_SECONDS
    line = tracer.stderr.readline()
    assert "attached" in line, line
    assert time.monotonic() < deadline
    time.sleep(0.1)
