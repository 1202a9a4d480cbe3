"""Seeing what foreign code does and says: files, connections, logs, exceptions."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selvbetjening_core.values import CaseSnapshot, CprNumber, Person
from selvbetjening_core.values.personal import Personal

COUNTERPART = "selvbetjening counterpart"
"""The name of the threads of a counterpart: what is done there is not the component's doing."""

_LARGEST_LEFT = 1_000_000
# What every line of a log has; the rest was put beside it.
_OF_ANY_LINE = {*vars(logging.makeLogRecord({})), "message", "asctime"}
_WRITES = "writes"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGING = {
    "os.mkdir": "makes the folder",
    "os.remove": "removes",
    "os.rename": "renames",
    "os.rmdir": "removes the folder",
    "os.symlink": "makes the link",
    "os.link": "makes the link",
    "sqlite3.connect": "opens the database",
}
_REACHING = {
    "socket.connect": "connects",
    "socket.getaddrinfo": "looks up a host",
    "socket.sendto": "sends",
    "subprocess.Popen": "starts a process",
    "os.system": "starts a process",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """Something done outside the memory of the process.

    ``paths`` are the files and folders it names, if any.
    """

    what: str
    paths: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.what, *self.paths))


@dataclass(eq=False)
class _Watcher:
    thread: int
    seen: list[Effect] = field(default_factory=list)


class _Watchers:
    """Those who watch now. An audit hook cannot be taken away, so there is one for all."""

    def __init__(self) -> None:
        self.active: set[_Watcher] = set()
        self._is_installed = False
        self._lock = threading.Lock()

    def add(self, watcher: _Watcher) -> None:
        with self._lock:
            if not self._is_installed:
                sys.addaudithook(self._heard)
                self._is_installed = True
            self.active = {*self.active, watcher}

    def remove(self, watcher: _Watcher) -> None:
        with self._lock:
            self.active = self.active - {watcher}

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        active = self.active
        if not active or threading.current_thread().name == COUNTERPART:
            return
        effect = _effect(event, arguments)
        if effect is None:
            return
        for watcher in active:
            if watcher.thread in (0, threading.get_ident()):
                watcher.seen.append(effect)


_WATCHERS = _Watchers()


@contextlib.contextmanager
def watching(*, all_threads: bool = False) -> Iterator[list[Effect]]:
    """Every write, connection and process of this thread, or of all; and threads left behind."""
    watcher = _Watcher(0 if all_threads else threading.get_ident())
    threads = set(threading.enumerate())
    _WATCHERS.add(watcher)
    try:
        yield watcher.seen
    finally:
        _WATCHERS.remove(watcher)
        if not set(threading.enumerate()) <= threads:
            watcher.seen.append(Effect("leaves a thread behind"))


def _effect(event: str, arguments: tuple[Any, ...]) -> Effect | None:
    if event == "open":
        path, flags = str(arguments[0]), arguments[2]
        is_compiled = "__pycache__" in path
        is_write = isinstance(flags, int) and flags & _WRITING
        return Effect(_WRITES, (path,)) if is_write and not is_compiled else None
    if event in _CHANGING:
        return Effect(_CHANGING[event], tuple(_path(a) for a in arguments[:2] if _is_path(a)))
    if event in _REACHING:
        return Effect(_REACHING[event])
    return None


def _is_path(value: object) -> bool:
    return isinstance(value, str | bytes | os.PathLike)


def _path(value: Any) -> str:
    return os.fsdecode(value)


class _Everything(logging.Handler):
    """Keeps each line, and the fields beside it that only some ways of logging show."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        beside = {name: value for name, value in vars(record).items() if name not in _OF_ANY_LINE}
        self.said.append(f"{self.line(record)} {beside or ''}")

    def line(self, record: logging.LogRecord) -> str:
        """The line as a log has it; its parts where they do not fit together."""
        try:
            return self.format(record)
        except Exception:  # noqa: BLE001 - a log line never fails whoever writes it
            return f"{record.msg!r} {record.args!r}"


@dataclass(frozen=True, slots=True)
class Overheard:
    """What was logged, printed and written to files' names while listening."""

    said: list[str]
    effects: list[Effect]
    own_folder: Path | None = None

    def note(self, *results: object) -> None:
        """Add what a call returned or raised."""
        self.said.extend(words_of(result) for result in results)

    def found(self, words: Iterable[str]) -> list[str]:
        """Those of ``words`` that were said, or stand in a file's name or in a file left behind."""
        names = [path for effect in self.effects for path in effect.paths]
        left = [_left_in(path) for path in self._written() if not self._is_own(path)]
        text = "\n".join((*self.said, *names, *left)).casefold()
        return [word for word in words if word and word.casefold() in text]

    def _written(self) -> set[str]:
        return {path for one in self.effects if one.what == _WRITES for path in one.paths}

    def _is_own(self, path: str) -> bool:
        return self.own_folder is not None and Path(path).absolute().is_relative_to(self.own_folder)


def _left_in(path: str) -> str:
    """The beginning of a file that is still there, as text."""
    try:
        with Path(path).open("rb") as file:
            return file.read(_LARGEST_LEFT).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""


@contextlib.contextmanager
def overhearing(own_folder: Path | None = None) -> Iterator[Overheard]:
    """Hear everything that is logged at any level, printed, or done to files.

    Also by a logger that keeps its lines to itself.

    :param own_folder: where a component may write what it is told to write
    """
    handler, root, out = _Everything(), logging.getLogger(), io.StringIO()
    level, make = root.level, logging.getLogRecordFactory()

    def made(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        handler.said.append(handler.line(record))
        return record

    root.addHandler(handler)
    logging.setLogRecordFactory(made)
    root.setLevel(logging.DEBUG)
    try:
        with (
            watching(all_threads=True) as effects,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            overheard = Overheard(handler.said, effects, own_folder)
            yield overheard
    finally:
        logging.setLogRecordFactory(make)
        root.removeHandler(handler)
        root.setLevel(level)
        handler.said.append(out.getvalue())


def words_of(result: object) -> str:
    """A value as a log would show it; an exception with its causes."""
    if isinstance(result, BaseException):
        return "".join(traceback.format_exception(result))
    if isinstance(result, Personal):
        # It shows nothing by itself, and is asked here for what it holds.
        fields = dataclasses.fields(result)  # type: ignore[arg-type]
        return " ".join(words_of(getattr(result, one.name)) for one in fields)
    return repr(result)


def personal_words(*people: Person) -> tuple[str, ...]:
    """What may not be told of people: numbers in each way of writing, names, addresses."""
    found: list[str] = []
    for person in people:
        found += [*written(person.cpr), person.name]
        found += person.address.lines[:1] if person.address else ()
    return tuple(dict.fromkeys(found))


def personal_words_of(case: CaseSnapshot) -> tuple[str, ...]:
    """What may not be told of a case's parties."""
    return personal_words(*case.parties.persons())


def written(cpr: CprNumber) -> tuple[str, ...]:
    """Each way in which a CPR number is written."""
    digits = cpr.reveal()
    return digits, f"{digits[:6]}-{digits[6:]}", f"{digits[:6]} {digits[6:]}"
