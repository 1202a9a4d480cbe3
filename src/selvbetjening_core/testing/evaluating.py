"""Seeing that code is run which nobody wrote as code."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from types import CodeType
from typing import Any

_WRITTEN = ("<string>", "<stdin>", "<unknown>", "<template>")


class _Listeners:
    """Those who listen now. An audit hook cannot be taken away, so there is one for all."""

    def __init__(self) -> None:
        self.active: tuple[list[str], ...] = ()
        self._is_installed = False
        self._lock = threading.Lock()

    def add(self, listener: list[str]) -> None:
        with self._lock:
            if not self._is_installed:
                sys.addaudithook(self._heard)
                self._is_installed = True
            self.active = (*self.active, listener)

    def remove(self, listener: list[str]) -> None:
        with self._lock:
            self.active = tuple(one for one in self.active if one is not listener)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.active and event == "exec" and _is_written(arguments):
            for listener in self.active:
                listener.append("code made from a text was run")


_LISTENERS = _Listeners()


@contextlib.contextmanager
def evaluations() -> Iterator[list[str]]:
    """What is evaluated from a text (``eval``, ``exec``, a template) in any thread."""
    run: list[str] = []
    _LISTENERS.add(run)
    try:
        yield run
    finally:
        _LISTENERS.remove(run)


def _is_written(arguments: tuple[Any, ...]) -> bool:
    """Was the code made from a text, rather than read from a module's file?"""
    code = arguments[0] if arguments else None
    return isinstance(code, CodeType) and code.co_filename in _WRITTEN
