"""A test case of a solution, as data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from selvbetjening_core.problems import Place
from selvbetjening_core.values import Money


@dataclass(frozen=True, slots=True)
class InventedChild:
    """A child of the invented citizen. ``age`` is in whole years on the day of the case."""

    age: int
    custody: bool = True
    same_address: bool = True
    protected: bool = False


@dataclass(frozen=True, slots=True)
class InventedOther:
    """Somebody who lives at the invented citizen's address and is no child of theirs."""

    age: int
    protected: bool = False


@dataclass(frozen=True, slots=True)
class InventedCitizen:
    """Who fills in the form. Nobody real.

    ``in_register`` False: the register of persons cannot be asked.
    """

    age: int = 40
    children: tuple[InventedChild, ...] = ()
    others: tuple[InventedOther, ...] = ()
    in_register: bool = True


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to come out; None where the case says nothing of it.

    ``offered`` are the answers that a field lets the citizen choose among;
    ``errors``, ``summary`` and ``receipt`` are texts by field or by name.
    """

    accepted: bool | None = None
    steps: tuple[str, ...] | None = None
    fields: tuple[str, ...] | None = None
    price: Money | None = None
    price_text: str | None = None
    destinations: tuple[str, ...] | None = None
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    summary: Mapping[str, str] = field(default_factory=dict)
    receipt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnerTest:
    """One test case.

    :param municipality: the kommunekode of the municipality whose parameters
        are used; empty: the defaults of the definition
    :param parameters: what the municipality has decided, in place of those
    :param places: where each thing that the case says is written, by its path
        in the case (``expect.price``); the empty path is the case itself
    """

    name: str
    on: datetime.date
    language: str
    municipality: str
    parameters: Mapping[str, object]
    citizen: InventedCitizen
    answers: Mapping[str, object]
    expected: Expected
    places: Mapping[str, Place]

    def place(self, path: str = "") -> Place:
        """Where ``path`` is written, or the nearest around it, at last the case itself."""
        while path not in self.places:
            path = path.rpartition(".")[0]
        return self.places[path]
