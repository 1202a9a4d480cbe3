"""Invented people of given ages, for test cases. Nobody real, and kept nowhere."""

from __future__ import annotations

import calendar
import datetime

from selvbetjening_core.owner_tests.model import InventedChild, InventedCitizen
from selvbetjening_core.values import Address, Child, CprNumber, Household, Person

SOURCE = "prøvedata"
_HOME = Address("home", ("Prøvevej 1", "0000 Prøveby"))
_ELSEWHERE = Address("elsewhere", ("Prøvevej 2", "0000 Prøveby"))
# A replacement number is told by its day; see CprNumber.
_REPLACEMENT_DAY = 60
_FIRST_OF_2000S = 2000
# No child has a serial number as high.
_FIRST_OTHER = 500


def household_of(citizen: InventedCitizen, now: datetime.datetime) -> Household:
    """The citizen and the children, as a register would tell of them on that day."""
    today = now.date()
    children = tuple(
        _child(child, number, today) for number, child in enumerate(citizen.children, start=1)
    )
    person = Person(_number(citizen.age, today, 0), "Prøve Borger", _HOME)
    others = tuple(
        Person(
            _number(other.age, today, _FIRST_OTHER + number),
            f"Prøve Beboer {number}",
            _HOME,
            other.protected,
        )
        for number, other in enumerate(citizen.others, start=1)
    )
    return Household(person, children, SOURCE, now, others)


def _child(child: InventedChild, number: int, today: datetime.date) -> Child:
    address = _HOME if child.same_address else _ELSEWHERE
    cpr = _number(child.age, today, number)
    person = Person(cpr, f"Prøve Barn {number}", address, child.protected)
    return Child(person, child.custody)


def _number(age: int, today: datetime.date, serial: int) -> CprNumber:
    """A replacement number of somebody who has reached that age on the very day."""
    year = today.year - age
    day = min(today.day, calendar.monthrange(year, today.month)[1])
    seventh = 4 if year >= _FIRST_OF_2000S else 0
    written = f"{day + _REPLACEMENT_DAY:02}{today.month:02}{year % 100:02}"
    return CprNumber(f"{written}{seventh}{serial:03}")
