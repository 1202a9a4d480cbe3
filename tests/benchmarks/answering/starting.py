"""From a fresh process to the first page of the step."""

from __future__ import annotations

import json
import os
import pickle
import statistics
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass

from answering.memory import resident_megabytes
from answering.worker import OURS, Wanted, made
from selvbetjening_core.collecting import collected_later

_DO_NOT_COMPILE = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Start:
    """Milliseconds until the first page was there, and the memory then.

    :param processor: milliseconds of the processor, of which the machine's other work takes none
    """

    milliseconds: float
    processor: float
    megabytes: float


def starts(wanted: list[Wanted], rounds: int) -> dict[str, Start]:
    """The medians of each stack's starts; they take turns, and the first is left out."""
    found: dict[str, list[Start]] = {one.stack: [] for one in wanted}
    for turn in range(rounds + 1):
        for one in wanted:
            start = _start(one)
            if turn:
                found[one.stack].append(start)
    return {name: _median(those) for name, those in found.items()}


def _median(those: list[Start]) -> Start:
    return Start(
        statistics.median(one.milliseconds for one in those),
        statistics.median(one.processor for one in those),
        statistics.median(one.megabytes for one in those),
    )


def _start(wanted: Wanted) -> Start:
    # On one machine the monotonic clock is the same in every process.
    begun = time.monotonic()
    process = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "answering.starting"],
        input=pickle.dumps(wanted),
        capture_output=True,
        check=False,
        timeout=120,
        env=_environment(wanted),
    )
    assert process.returncode == 0, process.stderr.decode()[-200:]
    told = json.loads(process.stdout)
    # What the process does after its first page, its end too, is not the start's.
    shown = (told["shown"] - begun) * 1000
    return Start(shown, told["processor"] * 1000, told["megabytes"])


def _environment(wanted: Wanted) -> dict[str, str]:
    """An installed package's modules are compiled beforehand; here the round left out does it."""
    kept = {name: value for name, value in os.environ.items() if name != _DO_NOT_COMPILE}
    return {**kept, "PYTHONPYCACHEPREFIX": str(wanted.place.parent / "compiled")}


def _first_page() -> None:
    wanted: Wanted = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - from our own process
    with collected_later() if wanted.stack == OURS else nullcontext():
        # As our command for serving does it.
        stack = made(wanted)
    answer = stack.get()
    shown, processor = time.monotonic(), time.process_time()
    assert answer.status == 200, answer.status
    megabytes = resident_megabytes()
    stack.close()
    told = {"megabytes": megabytes, "processor": processor, "shown": shown}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _first_page()
