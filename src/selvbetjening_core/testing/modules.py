"""What a plugin's modules hold, and the same plugin imported afresh."""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    MutableMapping,
    MutableSequence,
    MutableSet,
)
from types import CellType, FunctionType, ModuleType
from typing import Any

_DEEPEST = 4
# What functools.cache and lru_cache make of a function.
_REMEMBERING = type(functools.cache(len))


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
        if (not key.startswith(("__", "_abc_")) or isinstance(value, FunctionType))
        and not isinstance(value, ModuleType | type)
    }


def _seen(value: Any, top: str, depth: int) -> object:
    """Which object it is, and what it holds where that can change in place."""
    if isinstance(value, staticmethod | classmethod):
        return _seen(value.__func__, top, depth)
    return _Same(value), _inside(value, top, depth - 1) if depth else None


def _inside(value: Any, top: str, depth: int) -> object:
    if isinstance(value, MutableMapping):
        return {repr(key): _seen(value[key], top, depth) for key in list(value)}
    if isinstance(value, MutableSequence | MutableSet):
        return tuple(_seen(item, top, depth) for item in list(value))
    if isinstance(value, FunctionType):
        return _kept(value, top, depth)
    if isinstance(value, _REMEMBERING):
        return _is_of(value, top) and value.cache_info().misses
    # What belongs to another package, a logger or a pattern, is not the plugin's state.
    return _inside(_attributes(value), top, depth) if _is_of(type(value), top) else None


def _is_of(member: Any, top: str) -> bool:
    """Is it written in the plugin, rather than imported there?"""
    return str(member.__module__).partition(".")[0] == top


def _kept(function: FunctionType, top: str, depth: int) -> object:
    """What a function of the plugin's own can remember: defaults, attributes, its surroundings."""
    if not _is_of(function, top):
        return None
    defaults = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    around = [cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell)]
    return [_seen(one, top, depth) for one in (*defaults, *around, vars(function))]


def _is_filled(cell: CellType) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _attributes(value: object) -> dict[str, object]:
    slots = {
        name: getattr(value, name, None)
        for kind in type(value).__mro__
        for name in _names_of(vars(kind).get("__slots__", ()))
    }
    return {**getattr(value, "__dict__", {}), **slots}


def _names_of(slots: str | Iterable[str]) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)
