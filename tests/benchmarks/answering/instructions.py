"""Instructions of the processor that one request takes, as callgrind counts them.

Counted is what runs inside one call of ``contextvars.Context.run``, which nothing else
here calls: so neither the start nor what a browser does is among them, and no other work
of the machine.
"""

from __future__ import annotations

import contextvars
import os
import pickle
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from answering.worker import Served, Wanted, made

_TIMES = 20
_ENTERED = "context_run"
"""The function of Python in C inside of which is counted."""
_COLLECTED = re.compile(rb"Collected : ([0-9]+)")
_LONGEST = 900


def missing() -> str:
    """What keeps from counting; empty: nothing."""
    return "" if shutil.which("valgrind") else "valgrind is not installed (Debian: valgrind)"


def of_request(wanted: Wanted, work: str) -> int:
    """Instructions a request.

    :param work: see :data:`answering.worker.WORKS`
    :raises AssertionError: the process failed, or this Python's functions have no names
    """
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.run(
            [
                *("valgrind", "--tool=callgrind", f"--toggle-collect={_ENTERED}"),
                f"--callgrind-out-file={Path(folder) / 'out'}",
                *(sys.executable, "-W", "ignore", "-m", "answering.instructions"),
            ],
            input=pickle.dumps((wanted, work)),
            capture_output=True,
            check=False,
            timeout=_LONGEST,
            # Where a dictionary puts its keys is the same each time.
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    found = _COLLECTED.search(process.stderr)
    assert process.returncode == 0, process.stderr.decode(errors="replace")[-300:]
    assert found is not None, "callgrind told no count"
    assert int(found[1]), f"callgrind has not seen {_ENTERED}"
    return int(found[1]) // _TIMES


def _run() -> None:
    wanted, work = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from our own process
    stack = made(wanted)
    served = Served(stack, wanted.stack)
    # What is compiled at the first request is the start's.
    served.ready(work, 1)()
    contextvars.copy_context().run(served.ready(work, _TIMES))
    stack.close()


if __name__ == "__main__":
    _run()
