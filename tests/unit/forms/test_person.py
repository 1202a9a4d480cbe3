from __future__ import annotations

import dataclasses
import datetime

import pytest

from selvbetjening_core.forms.kinds.household import chosen_person, person_choices
from selvbetjening_core.values import Child, CprNumber, FactsRequest, Person, TextRequest


@pytest.fixture
def holder(field):
    return field("holder", "person", "Hvem?", settings={"from": "custody_same_address"})


def names(choices):
    return [choice.person.name for choice in choices]


def test_only_children_in_custody_and_at_the_same_address_are_offered(holder, household, today):
    choices = person_choices(holder, {"household": household}, today)
    assert names(choices) == ["Lonni Test", "Ti Test", "Spæd Test"]


def test_each_condition_is_a_fact_of_its_own(holder, household, today):
    """Negative control: give each child that is left out the one thing it lacks."""

    def offered(**changes):
        children = tuple(
            Child(
                dataclasses.replace(child.person, **changes.get("person", {})),
                changes.get("custody", child.custody),
            )
            for child in household.children
        )
        facts = {"household": dataclasses.replace(household, children=children)}
        return set(names(person_choices(holder, facts, today)))

    assert "Uden Forældremyndighed" in offered(custody=True)
    assert "Andet Sted" in offered(person={"address": household.person.address})
    assert "Beskyttet Barn" in offered(person={"protected": False})


def test_the_age_limits_are_the_definitions(field, household, today):
    asked = field(
        "holder",
        "person",
        settings={"from": "custody_same_address", "self_from_age": 70, "child_below_age": 5},
    )
    choices = person_choices(asked, {"household": household}, today)
    assert names(choices) == ["Spæd Test"]


def test_a_child_leaves_on_its_birthday(holder, household):
    facts = {"household": household}
    the_day = datetime.date(2034, 4, 5)
    before = names(person_choices(holder, facts, the_day - datetime.timedelta(days=1)))
    assert "Ti Test" in before
    assert "Ti Test" not in names(person_choices(holder, facts, the_day))


def test_without_children_in_the_definition_there_is_only_the_citizen(field, household, today):
    asked = field("holder", "person", settings={"from": "self"})
    assert names(person_choices(asked, {"household": household}, today)) == ["Lonni Test"]


def test_without_the_register_the_citizen_remains(holder, form, household):
    actor = Person(household.person.cpr, "Lonni Test", None)
    asked = form(holder, facts={"household": None, "actor": actor})
    assert asked.read(("holder", "self")).values == {"holder": "self"}
    assert "Mig selv: Lonni Test" in asked.render().html


def test_a_forged_choice_is_refused(holder, form, household):
    asked = form(holder, facts={"household": household})
    for key in ("child-1", "child-4", "child-99", "0504164002", ""):
        state = asked.read(("holder", key))
        assert state.values == {}, key
        assert "Hvem?" in state.errors["holder"]


def test_no_cpr_number_is_stored_or_shown(holder, form, household):
    asked = form(holder, facts={"household": household})
    html = asked.render().html
    state = asked.read(("holder", "child-2"))
    for person in (household.person, *(child.person for child in household.children)):
        assert person.cpr.reveal() not in html
        assert person.cpr.reveal() not in str(state.values)


def test_keys_are_numbered_by_age_so_that_a_birth_changes_none(holder, household, today):
    def keys(children):
        facts = {"household": dataclasses.replace(household, children=children)}
        return {c.person.name: c.key for c in person_choices(holder, facts, today)}

    born = Child(Person(CprNumber("0101264009"), "Nyfødt", household.person.address), custody=True)
    before, after = keys(household.children), keys((born, *reversed(household.children)))
    assert after.pop("Nyfødt")
    assert before == after


def test_facts_are_the_chosen_persons(kinds, holder, household, today):
    facts = {"household": household}
    found = kinds["person"].facts(FactsRequest(holder, "child-2", today, facts))
    assert found[""] == "child-2"
    assert (found["name"], found["age"], found["is_self"]) == ("Ti Test", 10, False)
    assert found["address"] == household.person.address
    assert found["source"] == "Folkeregisteret (demo)"
    assert set(found) == set(kinds["person"].declaration.offers)


def test_someone_who_can_no_longer_be_chosen_gives_no_facts(kinds, holder, household, today):
    request = FactsRequest(holder, "child-1", today, {"household": household})
    assert kinds["person"].facts(request) == {}


def test_name_of_the_chosen_but_never_of_a_protected_child(kinds, holder, household):
    facts = {"household": household}
    shown = [
        kinds["person"].text(TextRequest(holder, f"child-{n}", "da", facts)) for n in range(1, 9)
    ]
    assert "Ti Test" in shown
    assert "Beskyttet Barn" not in shown
    chosen = chosen_person("self", facts)
    assert chosen.person is household.person


def test_nobody_to_choose_is_told(field, form, household):
    asked = form(
        field("holder", "person", settings={"from": "self", "self_from_age": 99}),
        facts={"household": household},
    )
    assert "Der er ingen, du kan vælge her" in asked.render().html
