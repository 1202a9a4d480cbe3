"""Groups and rows: shown, filled in, added, removed, read, and what they tell."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from bs4 import BeautifulSoup

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.model import Text
from selvbetjening_core.forms import compiled, planning
from selvbetjening_core.values import FormState, Submitted

TODAY = datetime.date(2026, 11, 22)


def words(text):
    return Text({"da": text, "en": f"{text} (en)"})


@pytest.fixture
def parts(field):
    grown = Compare("age", Operator.AT_LEAST, 6)
    return (
        field("name", "text", "Navn"),
        field("age", "number", "Alder"),
        field("school", "text", "Skole", visible=grown),
    )


@pytest.fixture
def children(field, parts):
    def make(**more):
        settings = {"each": words("Barn"), "add": words("Tilføj et barn"), "at_most": 3}
        settings |= more.pop("settings", {})
        return field("children", "repeat", "Børn", parts=parts, settings=settings, **more)

    return make


@pytest.fixture
def mother(field, parts):
    def make(**more):
        return field("mother", "group", "Mor", parts=parts, **more)

    return make


def row(number, name="", age="", school=None, origin=""):
    pairs = [
        (f"children.{number}", origin),
        (f"children.{number}.name", name),
        (f"children.{number}.age", age),
    ]
    if school is not None:
        pairs += [("_shown", f"children.{number}.school"), (f"children.{number}.school", school)]
    return pairs


def browser(html):
    """What a browser sends of a page nobody has changed, its buttons left alone."""
    soup = BeautifulSoup(html, "html.parser")
    return [(one["name"], one.get("value", "")) for one in soup.select("input[name]")]


def press(page, button, *pairs, answers=None):
    submitted = Submitted(pairs, TODAY, page.facts, answers or {})
    return page.compiled.press(submitted, button)


def test_a_group_is_one_mapping(form, mother):
    page = form(mother())
    state = page.read(
        ("mother.name", "Ida"),
        ("mother.age", "40"),
        ("_shown", "mother.school"),
        ("mother.school", "Vest"),
    )
    assert state.values == {"mother": {"name": "Ida", "age": 40, "school": "Vest"}}


def test_rows_are_a_list_of_mappings(form, children):
    state = form(children()).read(*row(1, "Bo", "4"), *row(2, "Ea", "7", "Vest"))
    assert state.errors == {}
    assert state.values == {
        "children": [{"name": "Bo", "age": 4}, {"name": "Ea", "age": 7, "school": "Vest"}]
    }


def test_an_error_names_its_row_and_its_link_leads_to_the_control(form, children):
    page = form(children())
    state = page.read(*row(1, "Bo", "4"), *row(2, "", "syv"))
    assert list(state.errors) == ["children.2.name", "children.2.age"]
    assert state.errors["children.2.name"] == "Barn 2: Udfyld »Navn«"
    shown = page.render(state)
    assert [message for _, message in shown.error_links] == list(state.errors.values())
    soup = BeautifulSoup(shown.html, "html.parser")
    for target, _ in shown.error_links:
        assert soup.find(id=target).name == "input"
    assert soup.find(id="field-children.2.age")["value"] == "syv"
    assert soup.find(id="field-children.1.name")["value"] == "Bo"


def test_ids_and_names_are_unique(form, children, mother):
    page = form(mother(), children())
    html = page.render(page.read(*row(1, "Bo", "9"), *row(2, "Ea", "9"))).html
    soup = BeautifulSoup(html, "html.parser")
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids)) > 12
    names = [tag["name"] for tag in soup.select("input[type=text]")]
    assert len(names) == len(set(names))


def test_one_begins_with_a_blank_row_where_one_is_required(form, children):
    soup = BeautifulSoup(form(children()).render().html, "html.parser")
    assert [one.text for one in soup.select(".field-row > legend")] == ["Barn 1"]
    assert soup.select(".remove-row") == []
    optional = form(children(required=False)).render().html
    assert '"field-row"' not in optional
    assert 'value="children:add"' in optional


def test_add_keeps_what_is_typed_and_finds_nothing_wrong(form, children, field):
    page = form(field("street", "number", "Nummer"), children())
    state = press(page, "children:add", ("street", "x"), *row(1, "Bo", "fire"))
    assert (state.errors, state.focus) == ({}, "children.2")
    shown = page.render(state)
    assert shown.error_links == ()
    soup = BeautifulSoup(shown.html, "html.parser")
    assert soup.find(id="field-street")["value"] == "x"
    assert soup.find(id="field-children.1.age")["value"] == "fire"
    assert soup.find(id="field-children.2.name")["value"] == ""
    assert [one["id"] for one in soup.select("[autofocus]")] == ["field-children.2"]


def test_remove_takes_the_row_and_the_others_stay_themselves(form, children):
    page = form(children())
    sent = [*row(1, "Bo", "4", origin="1"), *row(2, "Ea", "x", origin="2")]
    sent += row(3, "Ib", "9", "Vest", origin="3")
    state = press(page, "children:remove:1", *sent)
    again = browser(page.render(state).html)
    assert again == [*row(1, "Ea", "x", origin="2"), *row(2, "Ib", "9", "Vest", origin="3")]


def test_a_hidden_answer_stays_with_its_row_when_another_is_removed(form, children):
    page = form(children())
    kept = {
        "children": [
            {"name": "Bo", "age": 4, "school": "Øst"},
            {"name": "Ea", "age": 5, "school": "Vest"},
        ]
    }
    sent = browser(page.render(FormState(kept, facts={}, today=TODAY)).html)
    state = press(page, "children:remove:1", *sent, answers=kept)
    sent = browser(page.render(state).html)
    read = page.compiled.read(Submitted(tuple(sent), TODAY, {}, kept))
    assert read.values == {"children": [{"name": "Ea", "age": 5, "school": "Vest"}]}
    added = press(page, "children:add", *sent, answers=kept)
    sent = [(n, "Ny" if n.endswith("2.name") else v) for n, v in browser(page.render(added).html)]
    sent = [(n, "3" if n.endswith("2.age") else v) for n, v in sent]
    read = page.compiled.read(Submitted(tuple(sent), TODAY, {}, kept))
    assert read.values["children"][1] == {"name": "Ny", "age": 3}


@pytest.mark.parametrize(
    "button",
    ["", ":", "children", "children:remove:9", "children:remove:01", "x:add", "children:x"],
)
def test_a_button_that_is_not_there_changes_nothing(form, children, button):
    page = form(children())
    sent = row(1, "Bo", "4")
    assert browser(page.render(press(page, button, *sent)).html) == sent


def test_no_row_is_added_above_the_limit_or_removed_below_it(form, children):
    page = form(children(settings={"at_least": 2}))
    two = [*row(1, "Bo", "4"), *row(2, "Ea", "5")]
    assert browser(page.render(press(page, "children:remove:1", *two)).html) == two
    three = [*two, *row(3, "Ib", "6", "")]
    state = press(page, "children:add", *three)
    html = page.render(state).html
    assert browser(html) == three
    assert "children:add" not in html
    assert "Du kan ikke tilføje flere." in html


@pytest.mark.parametrize("number", ["4", "99", "1000000", "9" * 60])
def test_forged_rows_above_the_limit_are_refused(form, children, number):
    state = form(children()).read(*row(1, "Bo", "4"), *row(number, "Ea", "5"))
    assert state.errors == {"children": "Fjern nogle under »Børn«: Der kan højst være 3"}
    assert "children" not in state.values


@pytest.mark.parametrize("number", ["0", "-1", "01", "٣", "1e0", "", " 1", "x"])
def test_what_is_no_row_is_ignored(form, children, number):
    state = form(children()).read(*row(1, "Bo", "4"), *row(number, "Ea", "5"))
    assert state.values == {"children": [{"name": "Bo", "age": 4}]}


def test_too_few_rows(form, children):
    page = form(children(settings={"at_least": 2}))
    assert page.read().errors == {"children": "Tilføj mindst én under »Børn«"}
    few = page.read(*row(1, "Bo", "4"))
    assert few.errors == {"children": "Tilføj flere under »Børn«: Der skal være mindst 2"}
    assert page.render(few).error_links == (("field-children", few.errors["children"]),)
    optional = form(children(required=False, settings={"at_least": 2}))
    assert optional.read().errors == {}
    assert list(optional.read(*row(1, "Bo", "4")).errors) == ["children"]


def test_an_optional_group_may_be_left_empty_as_a_whole(form, mother):
    page = form(mother(required=False))
    blank = page.read(("mother.name", ""), ("mother.age", " "))
    assert (blank.values, blank.errors) == ({}, {})
    half = page.read(("mother.name", "Ida"), ("mother.age", ""))
    assert half.errors == {"mother.age": "Mor: Udfyld »Alder«"}


def test_conditions_outside_ask_about_parts_and_the_count(form, mother, children, field):
    old = field("pension", "text", "P", visible=Compare("mother.age", Operator.AT_LEAST, 67))
    many = field("plan", "text", "Plan", visible=Compare("children.count", Operator.AT_LEAST, 2))
    page = form(mother(), old, children(), many)
    sent = [("mother.name", ""), ("mother.age", "70"), *row(1, "Bo", "x"), *row(2, "Ea", "4")]
    sent += [("_shown", "plan"), ("plan", "A"), ("_shown", "pension"), ("pension", "B")]
    state = page.read(*sent)
    assert (state.values["plan"], state.values["pension"]) == ("A", "B")
    html = page.render(state).html
    assert 'value="A"' in html
    assert 'value="B"' in html
    fewer = press(page, "children:remove:1", *sent)
    assert 'id="field-plan"' not in page.render(fewer).html


def test_a_condition_in_a_row_asks_about_its_own_row(form, children):
    page = form(children())
    shown = page.render(page.read(*row(1, "Bo", "4"), *row(2, "", "9"))).html
    assert 'id="field-children.1.school"' not in shown
    assert 'id="field-children.2.school"' in shown


def test_values_come_back_on_the_page_as_they_were(form, children):
    page = form(children())
    kept = {"children": [{"name": "Bo<", "age": 4}, {"name": "Ea", "age": 9, "school": "Vest"}]}
    sent = browser(page.render(FormState(kept, facts={}, today=TODAY)).html)
    assert page.compiled.read(Submitted(tuple(sent), TODAY, {}, kept)).values == kept


def test_recheck_keeps_what_would_be_accepted_today(form, children):
    kept = {"children": [{"name": "Bo", "age": "fire"}, {"name": "Ea", "age": 9}]}
    state = form(children()).compiled.recheck(FormState(kept, facts={}, today=TODAY))
    assert state.values == {"children": [{"name": "Bo"}, {"name": "Ea", "age": 9}]}
    nonsense = FormState({"children": "x"}, facts={}, today=TODAY)
    assert form(children()).compiled.recheck(nonsense).values == {}


def test_a_hidden_field_of_rows_is_set_aside_as_a_whole(form, children, field):
    asked = dataclasses.replace(children(), visible=Compare("has", Operator.EQUALS, value=True))
    page = form(field("has", "yes_no", "Har du børn?"), asked)
    sent = [("has", "no"), ("_shown", "children"), *row(1, "Bo", "4")]
    state = page.read(*sent)
    assert state.set_aside == {"children": [{"name": "Bo", "age": 4}]}
    assert state.values == {"has": False}


def test_work_is_linear_in_rows(form, children, monkeypatch):
    counted = []
    original = compiled.CompiledStep._read_quickly

    def counting(self, questions, *rest):
        counted.extend(question.plan.sent_as for question in questions)
        return original(self, questions, *rest)

    monkeypatch.setattr(compiled.CompiledStep, "_read_quickly", counting)
    page = form(children(settings={"at_most": 50}))
    work = {}
    for count in (10, 20, 40):
        counted.clear()
        page.read(*(pair for n in range(1, count + 1) for pair in row(n, "Bo", "4")))
        work[count] = len(counted)
    assert work == {10: 20, 20: 40, 40: 80}


def test_a_million_rows_cost_nothing(form, children, monkeypatch):
    made = []
    original = planning._Rows._compile
    monkeypatch.setattr(
        planning._Rows, "_compile", lambda self, n: made.append(n) or original(self, n)
    )
    pairs = [(f"children.{n}", "") for n in range(1, 1_000_001)]
    state = form(children()).read(*pairs)
    parts = [f"children.{n}.{part}" for n in (1, 2, 3) for part in ("name", "age")]
    assert list(state.errors) == ["children", *parts]
    assert sorted(set(made)) == [1, 2, 3]


def test_a_hidden_answer_of_a_group_is_kept(form, mother):
    page = form(mother())
    kept = {"mother": {"name": "Ida", "age": 4, "school": "Vest"}}
    sent = browser(page.render(FormState(kept, facts={}, today=TODAY)).html)
    assert "mother.school" not in dict(sent)
    assert page.compiled.read(Submitted(tuple(sent), TODAY, {}, kept)).values == kept
