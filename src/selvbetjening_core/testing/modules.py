"""What a plugin's modules hold, and the same plugin imported afresh."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

_DEEPEST = 4


def modules_of(package: str) -> dict[str, ModuleType]:
    """The imported modules of the package that the module called ``package`` is in."""
    top = package.partition(".")[0]
    return {
        name: module
        for name, module in sorted(sys.modules.items())
        if name == top or name.startswith(f"{top}.")
    }


def state_of(package: str) -> dict[str, object]:
    """What the modules and their classes hold, in a form that can be compared."""
    found: dict[str, object] = {}
    top = package.partition(".")[0]
    for name, module in modules_of(package).items():
        found |= {f"{name}.{key}": value for key, value in _held(vars(module), top).items()}
        for member in list(vars(module).values()):
            if isinstance(member, type) and member.__module__ == name:
                held = _held(vars(member), top)
                found |= {f"{name}.{member.__name__}.{key}": held[key] for key in held}
    return found


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The names whose value is not what it was."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


@contextlib.contextmanager
def imported_afresh(package: str) -> Iterator[None]:
    """As in a new process: what the plugin's modules held is gone."""
    old = modules_of(package)
    for name in old:
        del sys.modules[name]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for name in modules_of(package):
            del sys.modules[name]
        sys.modules.update(old)


class _Same:
    """One object, held fast so that its place is not given to another."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other._value is self._value

    def __hash__(self) -> int:
        return id(self._value)


def _held(members: Mapping[str, Any], top: str) -> dict[str, object]:
    # Submodules come when they are first imported, and names with two
    # underscores are the interpreter's.
    return {
        key: _seen(value, top, _DEEPEST)
        for key, value in list(members.items())
        if not key.startswith(("__", "_abc_"))
        and not isinstance(value, ModuleType | type | FunctionType)
    }


def _seen(value: Any, top: str, depth: int) -> object:
    """Which object it is, and what it holds where that can change in place."""
    same = _Same(value)
    if depth == 0:
        return same
    if isinstance(value, dict):
        return same, {repr(key): _seen(value[key], top, depth - 1) for key in list(value)}
    if isinstance(value, list | set | bytearray):
        return same, tuple(_seen(item, top, depth - 1) for item in list(value))
    # What belongs to another package, a logger or a pattern, is not the plugin's state.
    if type(value).__module__.partition(".")[0] == top:
        return same, _seen(getattr(value, "__dict__", None), top, depth - 1)
    return same
