from __future__ import annotations

import datetime

import pytest
from zope.interface.verify import verifyObject

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPrefill
from selvbetjening_core.values import CprNumber
from selvbetjening_demo.people import load_citizens
from selvbetjening_demo.register import DemoRegister

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
KIRSTEN, RUDDI, NANCY, ANDERS = "2911829996", "1502779995", "2512489996", "3103979995"
JULIANE, BO = "1110109996", "0212159995"


@pytest.fixture
def register(make_context):
    return DemoRegister(make_context(now=lambda: NOW, failure=""))


def facts(household):
    home = household.person.address.key
    return {
        child.person.name.split()[0]: (child.custody, child.person.address.key == home)
        for child in household.children
    }


def test_it_keeps_its_contract(register):
    assert verifyObject(IPrefill, register)


def test_custody_and_a_shared_address_are_two_facts(register):
    kirsten = register.household(CprNumber(KIRSTEN))
    assert facts(kirsten) == {
        "Gitte": (True, True),
        "Lars": (True, True),
        "Rikke": (False, False),
        "Aya": (True, True),
    }
    assert kirsten.person.address.lines == ("Testpark Allé 48", "3400 Hillerød")
    assert (kirsten.source, kirsten.retrieved_at) == ("Folkeregisteret (demo)", NOW)
    assert facts(register.household(CprNumber(RUDDI))) == {"Rikke": (True, True)}
    assert facts(register.household(CprNumber(ANDERS))) == {"Ali": (True, True)}


def test_a_grandmother_at_the_same_address_has_custody_of_nobody(register):
    nancy = register.household(CprNumber(NANCY))
    assert not any(child.custody for child in nancy.children)
    kirsten = register.household(CprNumber(KIRSTEN))
    assert nancy.person.address.key == kirsten.person.address.key


def test_one_citizen_is_old_enough_to_order_and_one_is_not(register):
    ages = [register.household(CprNumber(c)).person.age_on(NOW.date()) for c in (JULIANE, BO)]
    assert ages == [16, 10]


def test_a_number_it_does_not_know_is_nobody(register):
    assert register.household(CprNumber("0101010101")) is None


def test_a_register_that_is_down_says_so(make_context):
    with pytest.raises(Unavailable) as caught:
        DemoRegister(make_context(failure="down")).household(CprNumber(KIRSTEN))
    assert KIRSTEN not in str(caught.value)


def test_the_ids_of_citizens_are_unique_and_hold_no_number():
    citizens = load_citizens().all
    assert len({citizen.person.cpr for citizen in citizens}) == len(citizens) == 11
    assert all(citizen.id.replace("_", "").isalpha() for citizen in citizens)
    assert all(set(citizen.about) == {"da", "en"} for citizen in citizens)
