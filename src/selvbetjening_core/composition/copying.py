"""Copies of what crosses to a component and back: neither side can change the other's.

What a component does not declare to read is withheld on its way in.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from selvbetjening_core.errors import NotDeclared
from selvbetjening_core.values import (
    Attachment,
    CaseSnapshot,
    CprNumber,
    Data,
    Identity,
    Parcel,
    Person,
)

_KINDS_KEPT = 1000
"""Of how many types it is remembered how they are copied: a plugin may make more."""


def _day(value: datetime.date) -> datetime.date:
    return datetime.date(value.year, value.month, value.day)


def _moment(value: datetime.datetime) -> datetime.datetime:
    """The same moment, in a zone that is not the vendor's code."""
    plain = datetime.datetime.combine(_day(value), datetime.datetime.time(value))
    if type(value.tzinfo) in _OWN_ZONES:
        return plain.replace(tzinfo=value.tzinfo, fold=value.fold)
    offset = value.utcoffset()
    return plain if offset is None else plain.replace(tzinfo=datetime.timezone(offset), fold=0)


_OWN_ZONES = (datetime.timezone, zoneinfo.ZoneInfo)
_PLAIN: Mapping[type, Callable[[Any], object]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: bytes.__bytes__,
    datetime.datetime: _moment,
    datetime.date: _day,
}
"""How a value of a type, or of a vendor's subclass of it, becomes one of the type itself.

A text of a subclass may hold a whole document, or be taken for finished HTML."""
_UNCHANGEABLE = (bool, enum.Enum, Path, datetime.time, datetime.timedelta, datetime.tzinfo)


class WithheldCpr(CprNumber):
    """Stands where a CPR number would, for a component that does not declare to read it.

    It equals itself alone, so that one person can still be told from another.
    """

    __slots__ = ()

    def __init__(self) -> None:
        """There are no digits in it."""

    def reveal(self) -> NoReturn:
        """Refused.

        :raises NotDeclared: always
        """
        _refuse(Data.CPR)

    @property
    def birth_date(self) -> datetime.date:
        """Refused: it is six of the ten digits.

        :raises NotDeclared: always
        """
        _refuse(Data.CPR)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


def _refuse(data: Data) -> NoReturn:
    raise NotDeclared(
        f"the plugin does not declare to read this: register it with reads=[Data.{data.name}]"
    )


def _refuse_to_open() -> BinaryIO:
    _refuse(Data.ATTACHMENTS)


_WITHHELD: tuple[tuple[Data, type, str, object], ...] = (
    (Data.NAME, Person, "name", ""),
    (Data.NAME, Identity, "name", ""),
    (Data.ADDRESS, Person, "address", None),
    (Data.ANSWERS, CaseSnapshot, "groups", ()),
    (Data.DOCUMENTS, Parcel, "documents", ()),
    # How many there are, how large and of what type is told: who takes none can say so.
    (Data.ATTACHMENTS, Attachment, "name", ""),
    (Data.ATTACHMENTS, Attachment, "sha256", ""),
    (Data.ATTACHMENTS, Attachment, "open", _refuse_to_open),
)
"""Which data a field holds, and what stands there instead."""


class Copier:
    """Copies values for one reader.

    :param reads: the personal data that is copied too; all of it by default
    """

    def __init__(self, reads: Iterable[Data] = tuple(Data)) -> None:
        declared = frozenset(reads)
        self._withheld: dict[type, dict[str, object]] = {}
        for data, kind, name, instead in _WITHHELD:
            if data not in declared:
                self._withheld.setdefault(kind, {})[name] = instead
        self._hides_cpr = Data.CPR not in declared

    def copy(self, value: Any) -> Any:
        """A copy that shares nothing changeable with ``value``.

        Frozen dataclasses are made anew, every mapping becomes a dict, a value of a
        subclass of a plain type one of the type; a function, such as the one that
        opens an attachment, stays itself.
        """
        return self._copied(value, {})

    def _copied(self, value: Any, hidden: dict[CprNumber, WithheldCpr]) -> Any:
        kind: Any = type(value)
        how = _how(kind)
        if how is None:
            return value
        if how is tuple or how is list or how is frozenset:
            return how([self._copied(one, hidden) for one in value])
        if how is dict:
            return {name: self._copied(one, hidden) for name, one in value.items()}
        if how in _MAKERS:
            return how(value)
        if self._hides_cpr and kind is CprNumber:
            return hidden.setdefault(value, WithheldCpr())
        copy = object.__new__(kind)
        withheld = self._withheld.get(kind, _NOTHING)
        for name in how:
            if name in withheld:
                object.__setattr__(copy, name, withheld[name])
            else:
                object.__setattr__(copy, name, self._copied(getattr(value, name), hidden))
        return copy


_NOTHING: dict[str, object] = {}
_MAKERS = frozenset(_PLAIN.values())
_AS_IT_IS = frozenset(_PLAIN) - {datetime.datetime}
_HOW: tuple[tuple[type, Any], ...] = (
    *((kind, None) for kind in _UNCHANGEABLE),
    *_PLAIN.items(),
    *((Mapping, dict), (tuple, tuple), (list, list)),
    *((set, frozenset), (frozenset, frozenset)),
)
"""How to copy what is of a type; the first that fits."""


@functools.lru_cache(_KINDS_KEPT)
def _how(kind: Any) -> Any:
    """How to copy a value of this type.

    A container, a function that makes a plain value, names of fields, or None: as it is.
    """
    if kind in _AS_IT_IS:
        return None
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    if issubclass(kind, CprNumber):
        return None if kind is WithheldCpr else ("_born", "_digits")
    return next((how for base, how in _HOW if issubclass(kind, base)), None)
