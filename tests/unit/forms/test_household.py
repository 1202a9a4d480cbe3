"""Who can be chosen from family and household, who cannot, and what is told of whom."""

from __future__ import annotations

import dataclasses

import pytest

from selvbetjening_core.forms.kinds.household import Reason, Source, left_out, person_choices
from selvbetjening_core.values import (
    Address,
    Basis,
    Child,
    CprNumber,
    FactsRequest,
    Person,
    TextRequest,
)

HOME = Address("home", ("Testgrusgraven 3, 3.th", "3400 Hillerød"))
AWAY = Address("away", ("Fjernvej 1", "8000 Aarhus C"))


def person(cpr, name, address=HOME, *, protected=False):
    return Person(CprNumber(cpr), name, address, protected)


OTHERS = (
    person("0201629996", "Samlever Test"),
    person("0201399996", "Mormor Test"),
    person("0201889996", "Hemmelig Logerende", protected=True),
    person("0201899996", "Flyttet Væk", AWAY),
    person("0201909996", "Ukendt Sted", None),
)
EVERYBODY_HERE = [
    "Lonni Test",
    "Voksen Test",
    "Ti Test",
    "Uden Forældremyndighed",
    "Spæd Test",
    "Mormor Test",
    "Samlever Test",
]


@pytest.fixture
def facts(household):
    return {"household": dataclasses.replace(household, others=OTHERS)}


@pytest.fixture
def asked(field):
    def make(source, kind="person", **settings):
        return field("who", kind, "Hvem?", settings={"from": source, **settings})

    return make


@pytest.fixture
def names(asked, facts, today):
    def found(source, **settings):
        choices = person_choices(asked(source, **settings), facts, today)
        return [choice.person.name for choice in choices]

    return found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("self", ["Lonni Test"]),
        (
            "custody",
            ["Lonni Test", "Ti Test", "Andet Sted", "Ukendt Adresse", "Tom Nøgle", "Spæd Test"],
        ),
        ("custody_same_address", ["Lonni Test", "Ti Test", "Spæd Test"]),
        ("household_children", ["Lonni Test", "Ti Test", "Uden Forældremyndighed", "Spæd Test"]),
        ("household", EVERYBODY_HERE),
    ],
)
def test_each_source_offers_its_own(names, source, expected):
    assert names(source) == expected


def test_every_source_is_tried_above():
    marks = test_each_source_offers_its_own.pytestmark
    assert {case[0] for case in marks[0].args[1]} == set(Source)


def test_the_citizen_can_be_left_out(names):
    assert names("household_children", with_self=False) == EVERYBODY_HERE[2:5]
    assert names("custody", with_self=True)[0] == "Lonni Test"


def test_a_child_that_the_register_tells_of_twice_is_told_of_once(asked, facts, household, today):
    children = tuple(child.person for child in household.children)
    doubled = {
        "household": dataclasses.replace(
            household,
            children=household.children * 2,
            others=(*OTHERS, *OTHERS, *children, household.person),
        )
    }
    once, twice = (person_choices(asked("household"), f, today) for f in (facts, doubled))
    assert [(c.key, c.person) for c in once] == [(c.key, c.person) for c in twice]


def test_nobody_protected_can_be_chosen_but_the_citizen(asked, household, today):
    def all_protected(people):
        return tuple(dataclasses.replace(one, protected=True) for one in people)

    children = tuple(
        Child(one, custody=True) for one in all_protected(c.person for c in household.children)
    )
    hidden = dataclasses.replace(
        household,
        person=dataclasses.replace(household.person, protected=True),
        children=children,
        others=all_protected(OTHERS),
    )
    for source in Source:
        choices = person_choices(asked(source), {"household": hidden}, today)
        assert [choice.key for choice in choices] == ["self"], source


def reasons(asked, facts, today, source, **settings):
    found = left_out(asked(source, **settings), facts, today)
    return {(one.name, one.reason) for one in found}


def test_why_somebody_cannot_be_chosen_is_told(asked, facts, today):
    assert reasons(asked, facts, today, "custody_same_address") == {
        ("", Reason.PROTECTED),
        ("Voksen Test", Reason.TOO_OLD),
        ("Uden Forældremyndighed", Reason.NO_CUSTODY),
        ("Andet Sted", Reason.ELSEWHERE),
        ("Ukendt Adresse", Reason.ELSEWHERE),
        ("Tom Nøgle", Reason.ELSEWHERE),
    }
    assert reasons(asked, facts, today, "self", self_from_age=99) == {
        ("Lonni Test", Reason.TOO_YOUNG)
    }


def test_nothing_is_told_of_who_is_neither_in_custody_nor_here(asked, household, today):
    stranger = person("0504154009", "Bortadopteret Barn", AWAY)
    facts = {
        "household": dataclasses.replace(
            household, children=(Child(stranger, custody=False),), others=OTHERS
        )
    }
    for source in Source:
        assert reasons(asked, facts, today, source) == set(), source
    closer = dataclasses.replace(stranger, address=HOME)
    facts["household"] = dataclasses.replace(household, children=(Child(closer, custody=False),))
    told = reasons(asked, facts, today, "custody")
    assert told == {("Bortadopteret Barn", Reason.NO_CUSTODY)}, "control: here it is told"


@pytest.mark.parametrize(
    ("custody", "address", "is_told"),
    [(True, HOME, True), (True, AWAY, False), (False, HOME, False), (False, AWAY, False)],
)
def test_protection_is_told_of_the_own_child_at_home_alone(
    asked, form, household, custody, address, is_told
):
    child = person("0504154009", "Skjult Barn", address, protected=True)
    known = dataclasses.replace(household, children=(Child(child, custody),), others=OTHERS)
    for source in (Source.CUSTODY, Source.CUSTODY_SAME_ADDRESS, Source.HOUSEHOLD):
        html = form(asked(source), facts={"household": known}).render().html
        assert ("En person med navne- og adressebeskyttelse." in html) == is_told, source
        assert "Skjult" not in html
        assert "Hemmelig" not in html
        assert "Fjernvej" not in html


def test_the_same_is_said_to_everybody_of_people_who_are_missing(asked, form, household):
    alone = dataclasses.replace(household, children=(), others=())
    hidden = dataclasses.replace(alone, others=OTHERS[2:])
    shown = [
        form(asked("household"), facts={"household": one}).render().html for one in (alone, hidden)
    ]
    assert shown[0] == shown[1]
    assert "Mangler du nogen på listen?" in shown[0]


def test_who_cannot_be_chosen_is_read_out_with_the_question(asked, form, facts):
    html = form(asked("custody"), facts=facts).render().html
    assert 'aria-describedby="field-who-left-out"' in html
    assert 'id="field-who-left-out"' in html
    assert "Uden Forældremyndighed: du har ikke forældremyndigheden." in html


def test_on_what_basis_is_a_fact_of_each(asked, facts, today):
    choices = person_choices(asked("household"), facts, today)
    assert {choice.person.name: choice.basis for choice in choices} == {
        "Lonni Test": Basis.SELF,
        "Voksen Test": Basis.CUSTODY,
        "Ti Test": Basis.CUSTODY,
        "Uden Forældremyndighed": Basis.HOUSEHOLD,
        "Spæd Test": Basis.CUSTODY,
        "Mormor Test": Basis.HOUSEHOLD,
        "Samlever Test": Basis.HOUSEHOLD,
    }


def test_an_address_elsewhere_is_not_told(kinds, asked, facts, today):
    def address(name):
        field = asked("custody")
        key = next(c.key for c in person_choices(field, facts, today) if c.person.name == name)
        found = kinds["person"].facts(FactsRequest(field, key, today, facts))
        return found["address"]

    assert address("Andet Sted") is None
    assert address("Ti Test") == HOME


def several(form, asked, facts, *keys, **settings):
    asks = form(asked("household", "people", **settings), facts=facts)
    return asks.read(*((f"who.{key}", key) for key in keys))


def test_several_are_kept_in_the_order_shown(form, asked, facts):
    state = several(form, asked, facts, "other-1", "child-2", "self")
    assert state.values == {"who": ["self", "child-2", "other-1"]}
    assert state.errors == {}


def test_too_few_and_too_many_are_told(form, asked, facts):
    limits = {"at_least": 2, "at_most": 3}
    few = several(form, asked, facts, "self", **limits)
    assert few.errors == {"who": "Vælg mindst 2 personer under »Hvem?«"}
    many = several(form, asked, facts, "self", "child-1", "child-2", "other-1", **limits)
    assert many.errors == {"who": "Vælg højst 3 personer under »Hvem?«"}
    assert several(form, asked, facts, "self", "child-2", **limits).errors == {}
    assert several(form, asked, facts).errors == {"who": "Vælg mindst én person under »Hvem?«"}


def test_who_is_protected_or_gone_cannot_be_sent(form, asked, facts):
    asks = form(asked("household", "people"), facts=facts)
    for pair in (("who.other-3", "other-3"), ("who.child-99", "child-99"), ("who", "self")):
        assert asks.read(pair).values == {}, pair
    assert asks.read(("who.self", "child-2")).errors == {
        "who": "Vælg blandt personerne under »Hvem?«"
    }


def test_conditions_can_ask_how_many_and_whether_the_citizen_is_one(kinds, asked, facts, today):
    def told(*keys):
        field = asked("household", "people")
        return kinds["people"].facts(FactsRequest(field, list(keys), today, facts))

    found = told("self", "child-1", "child-3")
    assert set(found) == set(kinds["people"].declaration.offers)
    assert (found["count"], found["children"], found["with_self"]) == (3, 1, True)
    assert told("child-3")["with_self"] is False
    assert told("self", "child-9") == {}, "somebody who cannot be chosen any more"


def test_several_are_named_line_by_line_and_nobody_hidden(kinds, asked, facts):
    every = ["self", *(f"child-{n}" for n in range(1, 9)), *(f"other-{n}" for n in range(1, 6))]
    text = kinds["people"].text(TextRequest(asked("household", "people"), every, "da", facts))
    assert "Lonni Test\nVoksen Test\nTi Test" in text
    assert "Beskyttet" not in text
    assert "Hemmelig" not in text


@pytest.mark.parametrize(
    ("kind", "settings", "key"),
    [
        ("person", {"from": "self", "with_self": False}, "with_self"),
        ("person", {"from": "custody", "with_self": False, "self_from_age": 15}, "self_from_age"),
        ("person", {"from": "household", "child_below_age": 15}, "child_below_age"),
        ("person", {"from": "custody", "child_below_age": 19}, "child_below_age"),
        ("people", {"from": "self"}, "from"),
        ("people", {"from": "household", "at_least": 3, "at_most": 2}, "at_least"),
    ],
)
def test_keys_that_contradict_each_other_are_told(kinds, field, kind, settings, key):
    check = kinds[kind].declaration.check
    assert [one.key for one in check(field("who", kind, settings=settings))] == [key]


def test_keys_that_agree_are_in_order(kinds, field):
    for kind in ("person", "people"):
        settings = {"from": "custody", "self_from_age": 15, "child_below_age": 18}
        assert list(kinds[kind].declaration.check(field("who", kind, settings=settings))) == []
