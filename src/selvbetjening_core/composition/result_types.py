"""Is what a component returned what its contract says, all the way down?

A wrong type is found where it comes in, and not by whoever uses the value later.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import enum
import functools
import types
import typing
from collections.abc import Callable
from typing import Any

from selvbetjening_core.interfaces.versions import CallRules

_Check = Callable[[Any], str]
"""What is wrong with a value, in a few words without the value; empty if nothing is."""


def fault_of(value: object, rules: CallRules) -> str:
    """What is wrong with what a call returned; empty if nothing is.

    Tells types and names of fields, never a value.
    """
    if type(value) not in rules.returns:
        return f"a {type(value).__name__} instead of {_named(rules.returns)}"
    kind: Any = type(value)
    if rules.items is None:
        return _check(kind)(value)
    return _each(_check(rules.items), value)


def _named(kinds: tuple[type, ...]) -> str:
    return " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)


@functools.cache
def _check(wanted: Any) -> _Check:
    origin = typing.get_origin(wanted)
    if wanted in (Any, object):
        return _anything
    if origin in (typing.Union, types.UnionType):
        return functools.partial(_any_of, tuple(_check(one) for one in typing.get_args(wanted)))
    if origin is tuple:
        return functools.partial(_each, _check(typing.get_args(wanted)[0]))
    if origin is collections.abc.Mapping:
        key, value = typing.get_args(wanted)
        return functools.partial(_pairs, _check(key), _check(value))
    return functools.partial(_one, wanted, _fields(wanted))


def _fields(kind: type) -> tuple[tuple[str, _Check], ...]:
    if not dataclasses.is_dataclass(kind):
        return ()
    hints = typing.get_type_hints(kind)
    return tuple((one.name, _check(hints[one.name])) for one in dataclasses.fields(kind))


def _anything(_: object) -> str:
    return ""


def _any_of(checks: tuple[_Check, ...], value: object) -> str:
    faults = [check(value) for check in checks]
    return "" if "" in faults else faults[0]


def _each(check: _Check, value: object) -> str:
    if not isinstance(value, tuple):
        return f"a {type(value).__name__} instead of a tuple"
    return next((fault for one in value if (fault := check(one))), "")


def _pairs(key: _Check, item: _Check, value: object) -> str:
    if not isinstance(value, collections.abc.Mapping):
        return f"a {type(value).__name__} instead of a mapping"
    faults = (key(name) or item(one) for name, one in value.items())
    return next((fault for fault in faults if fault), "")


def _one(kind: type, fields: tuple[tuple[str, _Check], ...], value: object) -> str:
    if not _is_exactly(kind, value):
        return f"a {type(value).__name__} instead of {kind.__name__}"
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        return "a time without a time zone"
    for name, check in fields:
        fault = check(getattr(value, name))
        if fault:
            return f"{kind.__name__}.{name}: {fault}"
    return ""


def _is_exactly(kind: type, value: object) -> bool:
    """No class of the vendor's own: its methods would run outside the gateway.

    A word of an enumeration is one of its type, and does what that does.
    """
    return type(value) is kind or (isinstance(value, enum.Enum) and isinstance(value, kind))
