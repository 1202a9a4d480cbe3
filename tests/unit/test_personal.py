"""Values about people show nothing of what they hold."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from selvbetjening_core.values import Address, Child, CprNumber, Household, Person
from selvbetjening_core.values.personal import Personal

CPR = "2512484916"
NAME = "Nancy Ann Berggren"
WORDS = (CPR, CPR[:6], NAME, "Nygade", "dwelling-1")
PERSON = Person(CprNumber(CPR), NAME, Address("dwelling-1", ("Nygade 7",), "0773"))
NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
VALUES = [
    PERSON,
    PERSON.address,
    Child(PERSON, custody=True),
    Household(PERSON, (Child(PERSON, custody=True),), "register", NOW),
    {"in": [PERSON, (PERSON,)]},
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, "%s".__mod__])
def test_it_shows_its_type_alone(value, show):
    shown = show((value,) if show == "%s".__mod__ else value)
    assert not [word for word in WORDS if word in shown]
    assert "(...)" in shown or "*" in shown


def test_without_the_base_it_would_be_there():
    """The negative control: what a dataclass shows by itself."""
    plain = dataclasses.make_dataclass("Plain", ["name"], frozen=True)(NAME)
    assert NAME in repr(plain)


def test_every_value_that_holds_somebody_is_one():
    told = {value.__name__ for value in Personal.__subclasses__()}
    assert told >= {"Answer", "CaseSnapshot", "Claims", "Identity", "Message", "Person"}
    for value in Personal.__subclasses__():
        assert value.__repr__ is Personal.__repr__
