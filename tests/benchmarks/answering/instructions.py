"""Instructions of the processor that one request takes, as callgrind counts them.

Counted twice in a process of its own, with few requests and with more: what lies between
is the requests', without the start. Other work of the machine does not show in it.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from answering.worker import Served, Wanted, made

_FEW, _MORE = 5, 45
_COLLECTED = re.compile(rb"Collected : ([0-9]+)")
_LONGEST = 900


def missing() -> str:
    """What keeps from counting; empty: nothing."""
    return "" if shutil.which("valgrind") else "valgrind is not installed (Debian: valgrind)"


def of_request(wanted: Wanted, work: str) -> int:
    """Instructions a request.

    :param work: see :data:`answering.worker.WORKS`
    :raises AssertionError: the process failed
    """
    return (_counted(wanted, work, _MORE) - _counted(wanted, work, _FEW)) // (_MORE - _FEW)


def _counted(wanted: Wanted, work: str, times: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.run(
            [
                *("valgrind", "--tool=callgrind", f"--callgrind-out-file={Path(folder) / 'out'}"),
                *(sys.executable, "-W", "ignore", "-m", "answering.instructions"),
            ],
            input=pickle.dumps((wanted, work, times)),
            capture_output=True,
            check=False,
            timeout=_LONGEST,
            # Where a dictionary puts its keys is the same each time.
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    found = _COLLECTED.search(process.stderr)
    assert process.returncode == 0, process.stderr.decode(errors="replace")[-300:]
    assert found is not None, "callgrind told no count"
    return int(found[1])


def _run() -> None:
    wanted, work, times = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our own process's
    stack = made(wanted)
    served = Served(stack, wanted.stack)
    # Always as many are made ready, so that what a browser does is not counted.
    served.ready(work, _MORE - times)
    served.ready(work, times)()
    stack.close()


if __name__ == "__main__":
    _run()
