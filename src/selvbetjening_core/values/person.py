"""People and what a register knows about them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from selvbetjening_core.values.cpr import CprNumber
from selvbetjening_core.values.personal import Personal


@dataclass(frozen=True, slots=True, repr=False)
class Address(Personal):
    """A postal address. Personal data.

    ``key`` is the register's own id of the dwelling (an address id where the
    register has one): two people share an address exactly when the keys are
    equal and not empty.
    """

    key: str
    lines: tuple[str, ...]
    municipality_code: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Person(Personal):
    """A person as the register knows them. Personal data.

    ``protected`` is name and address protection: such a person's name and
    address are never shown to anybody else.
    """

    cpr: CprNumber
    name: str
    address: Address | None
    protected: bool = False

    def age_on(self, day: datetime.date) -> int:
        """Whole years of age on ``day``."""
        return self.cpr.age_on(day)


@dataclass(frozen=True, slots=True, repr=False)
class Child(Personal):
    """A child of the person asked about, and whether that person has custody.

    Custody and a shared address are two separate facts; the second is found by
    comparing addresses. Personal data.
    """

    person: Person
    custody: bool


@dataclass(frozen=True, slots=True, repr=False)
class Household(Personal):
    """What a register answers about one person: the person, the children, who else lives there.

    ``retrieved_at`` goes onto the receipt with every value taken from here.
    ``others`` live at the person's address and are not among the children; empty
    where the register does not tell. Personal data.
    """

    person: Person
    children: tuple[Child, ...]
    source: str
    retrieved_at: datetime.datetime
    others: tuple[Person, ...] = ()
