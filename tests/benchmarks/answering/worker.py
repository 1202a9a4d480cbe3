"""A process for each stack: so none pays for what the others have in memory."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from answering.checked import Checked, checked
from answering.faults import plant
from answering.frame import Frame
from answering.memory import resident_megabytes
from answering.protections import switch_off
from answering.stack import Stack
from answering.step import RIGHT, WRONG

OURS = "ours"
GET, POST, REFUSED = "GET", "POST", "POST with errors"
WORKS = (GET, POST, REFUSED)


@dataclass(frozen=True)
class Wanted:
    """Which application a process serves.

    :param stack: :data:`OURS`, or a peer
    :param place: our installation's file; a folder of its own for a peer
    :param frame: what stands around the form; ours makes its own
    :param off: the protection that is switched off
    :param fault: the planted fault
    :param path: what else is on the import path
    """

    stack: str
    place: Path
    frame: Frame | None = None
    off: str = ""
    fault: str = ""
    path: Sequence[str] = ()
    host: str = ""


@dataclass(frozen=True)
class Spent:
    """Microseconds a request: of the processor, and on the wall."""

    processor: float
    wall: float


def made(wanted: Wanted) -> Stack:
    """The stack, ready to be asked, in this process."""
    plant(wanted.fault, wanted.stack)
    if wanted.stack == OURS:
        switch_off(wanted.off)
        from answering import ours  # noqa: PLC0415 - not in a peer's process

        return ours.stack(wanted.place, wanted.host)
    module: Any = importlib.import_module(f"answering.peer_{wanted.stack}")
    stack: Stack = module.stack(wanted.place, wanted.frame)
    return stack


class Worker:
    """One process with one stack. Close it."""

    def __init__(self, wanted: Wanted) -> None:
        context = multiprocessing.get_context("spawn")
        self.stack = wanted.stack
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(wanted, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def checked(self) -> Checked:
        """What the stack shows and accepts."""
        return self._ask("checked")

    def spent(self, work: str, times: int) -> Spent:
        """What one request of this kind takes, out of ``times`` in a row."""
        return self._ask("spent", work, times)

    def compilations(self) -> int:
        """How many steps were compiled since the check."""
        return self._ask("compilations")

    def megabytes(self) -> float:
        """Its resident memory."""
        return self._ask("megabytes")

    def page(self) -> str:
        """The step's page."""
        return self._ask("page")

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(10)

    def _ask(self, *question: object) -> Any:
        self._pipe.send(question)
        good, answer = self._pipe.recv()
        if not good:
            raise AssertionError(f"{self.stack}: {answer}")
        return answer


def _serve(wanted: Wanted, pipe: Connection) -> None:
    sys.path[:0] = wanted.path
    try:
        served = Served(made(wanted), wanted.stack)
    except Exception as error:  # noqa: BLE001 - told to who asks
        notes = " ".join(getattr(error, "__notes__", ())[:2])
        failure = f"does not start: {type(error).__name__}: {error} {notes}"
        _answer_all(pipe, lambda *_: _fail(failure))
        return
    _answer_all(pipe, lambda name, *about: getattr(served, name)(*about))
    served.stack.close()


def _fail(told: str) -> None:
    raise AssertionError(told)


def _answer_all(pipe: Connection, answer: Any) -> None:
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((True, answer(*question)))
        except Exception as error:  # noqa: BLE001 - told to who asks
            pipe.send((False, f"{type(error).__name__}: {error}"))


class Served:
    """What a worker's process does when asked."""

    def __init__(self, stack: Stack, name: str) -> None:
        self.stack = stack
        self._compiled = _counted_compilations() if name == OURS else [0]
        self._before = 0

    def checked(self) -> Checked:
        found = checked(self.stack)
        self._before = self._compiled[0]
        return found

    def spent(self, work: str, times: int) -> Spent:
        send = self.ready(work, times)
        gc.collect()
        processor, wall = time.process_time(), time.perf_counter()
        send()
        each = 1_000_000 / times
        return Spent((time.process_time() - processor) * each, (time.perf_counter() - wall) * each)

    def ready(self, work: str, times: int) -> Callable[[], object]:
        """Requests that only have to be sent."""
        if work == GET:
            return lambda: self.stack.get(times)
        return self.stack.posts(RIGHT if work == POST else WRONG, times, kept=work == POST)

    def compilations(self) -> int:
        return self._compiled[0] - self._before

    def megabytes(self) -> float:
        return resident_megabytes()

    def page(self) -> str:
        return self.stack.get().body.decode()


def _counted_compilations() -> list[int]:
    from selvbetjening_core.forms.compiler import StepCompiler  # noqa: PLC0415

    count, compile_step = [0], StepCompiler.compile

    def counted(self: StepCompiler, request: Any) -> Any:
        count[0] += 1
        return compile_step(self, request)

    StepCompiler.compile = counted  # type: ignore[method-assign]  # in this process alone
    return count
