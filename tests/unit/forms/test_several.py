from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.model import Option, Text
from selvbetjening_core.testing.sent import as_sent, is_json
from selvbetjening_core.values import FactsRequest, FormState, TextRequest

AIDS = ("cane", "walker", "none")
FREQUENCIES = ("never", "often")
ROWS = ("food", "sleep")


def words(text):
    return Text({"da": text, "en": f"{text} (en)"})


@pytest.fixture
def aids(field):
    def make(**keys):
        required = keys.pop("required", True)
        return field("aids", "choices", options=AIDS, required=required, settings=keys)

    return make


@pytest.fixture
def needs(field):
    rows = tuple(Option(row, words(row.title())) for row in ROWS)

    def make(**more):
        return field("needs", "matrix", options=FREQUENCIES, rows=rows, **more)

    return make


def ticked(*values):
    return [(f"aids.{value}", value) for value in values]


def in_rows(**chosen):
    return [(f"needs.{row}", value) for row, value in chosen.items()]


def test_what_is_ticked_is_a_list_in_the_definitions_order(form, aids):
    state = form(aids()).read(*ticked("walker", "cane"))
    assert (state.values, state.errors) == ({"aids": ["cane", "walker"]}, {})


def test_nothing_ticked_is_required_or_simply_absent(form, aids):
    assert form(aids()).read().errors == {"aids": "Vælg mindst ét svar under »Spørgsmål«"}
    optional = form(aids(required=False, at_least=2)).read()
    assert (optional.values, optional.errors) == ({}, {})


@pytest.mark.parametrize(
    ("keys", "chosen", "told"),
    [
        ({"at_least": 2}, ["cane"], "Vælg mindst 2 svar under »Spørgsmål«"),
        ({"at_least": 2}, ["cane", "walker"], ""),
        ({"at_most": 1}, ["cane", "walker"], "Vælg højst 1 svar under »Spørgsmål«"),
        ({"at_most": 1}, ["cane"], ""),
        ({"none_of_these": "none"}, ["none"], ""),
        ({"none_of_these": "none", "at_least": 2}, ["none"], ""),
        (
            {"none_of_these": "none"},
            ["cane", "none"],
            "Vælg enten »None« eller andre svar under »Spørgsmål«",
        ),
        ({}, ["cane", "none"], ""),
    ],
)
def test_how_many_may_be_chosen_and_what_is_chosen_alone(form, aids, keys, chosen, told):
    state = form(aids(**keys)).read(*ticked(*chosen))
    assert state.errors.get("aids", "") == told
    assert ("aids" in state.values) is (told == "")


@pytest.mark.parametrize(
    "pairs",
    [
        [("aids.cane", "walker")],
        [("aids.cane", "true")],
        [("aids.cane", "cane"), ("aids.walker", "cane")],
        [("aids.cane", "\ud800")],
    ],
)
def test_a_box_sends_its_own_option_and_nothing_else(form, aids, pairs):
    state = form(aids()).read(*pairs)
    assert state.values == {}
    assert state.errors == {"aids": "Vælg et af svarene under »Spørgsmål«"}


def test_boxes_that_are_not_there_are_ignored(form, aids):
    state = form(aids()).read(("aids.gold", "gold"), ("aids", "cane"), *ticked("cane"))
    assert state.values == {"aids": ["cane"]}


def test_what_is_chosen_in_each_row_is_an_object(form, needs):
    state = form(needs()).read(*in_rows(sleep="never", food="often"))
    assert state.values == {"needs": {"food": "often", "sleep": "never"}}


def test_a_row_that_is_left_out_is_named_and_linked_to(form, needs):
    asked = form(needs())
    state = asked.read(*in_rows(food="often"))
    message = "Vælg også et svar ud for »Sleep« under »Spørgsmål«"
    assert (state.values, state.errors) == ({}, {"needs": message})
    rendered = asked.render(state)
    assert rendered.error_links == (("field-needs-3", message),)
    wrong = rendered.html.split("<tr")[-1]
    assert 'id="field-needs-3"' in wrong
    assert wrong.count('aria-invalid="true"') == len(FREQUENCIES)
    assert rendered.html.count('aria-invalid="true"') == len(FREQUENCIES)


def test_a_matrix_that_may_be_left_out_keeps_the_rows_that_are_answered(form, needs):
    asked = form(needs(required=False))
    assert asked.read().values == {}
    assert asked.read(*in_rows(sleep="never")).values == {"needs": {"sleep": "never"}}
    assert form(needs()).read().errors == {"needs": "Vælg et svar i hver række under »Spørgsmål«"}


def test_each_button_of_a_matrix_is_named_by_its_row_and_its_column(form, needs):
    html = form(needs()).render().html
    assert 'aria-labelledby="field-needs-row-2 field-needs-4-label"' in html
    assert '<span id="field-needs-row-2">Sleep</span>' in html
    assert '<span id="field-needs-4-label">Often</span>' in html


@pytest.mark.parametrize("name", ["aids", "needs"])
def test_what_is_shown_is_sent_back_as_the_same(form, aids, needs, name, today):
    asked = form({"aids": aids(), "needs": needs()}[name])
    value = {"aids": ["cane", "none"], "needs": {"food": "never", "sleep": "often"}}[name]
    sent = as_sent(asked.render(FormState({name: value}, today=today)).html)
    assert asked.read(*sent).values == {name: value}


@pytest.mark.parametrize(
    "old", ["cane", ["gone"], ["walker", "cane"], 7, [7], {"food": "often"}, {"gone": "often"}]
)
def test_an_earlier_answer_that_no_longer_fits_is_dropped(form, aids, needs, old, today):
    state = FormState({"aids": old, "needs": old}, today=today)
    kept = form(aids(), needs()).compiled.recheck(state).values
    # The order is the definition's, so an old list in another order is put right.
    assert kept in ({}, {"aids": ["cane", "walker"]})


TEXTS = st.text(max_size=30) | st.sampled_from(
    ["NaN", "1e999999", "1_000", "\ud800", "\u0661", "cane", "often", "x" * 20_000, "\x00", "<b>"]
)
NAMES = st.sampled_from(
    ["aids.cane", "aids.none", "aids", "aids.", "needs.food", "needs.sleep", "needs", "_shown"]
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pairs=st.lists(st.tuples(NAMES, TEXTS), max_size=12))
def test_whatever_is_sent_is_an_answer_of_the_definition_or_a_message(form, aids, needs, pairs):
    asked = form(aids(none_of_these="none"), needs())
    state = asked.read(*pairs)
    assert state.errors.keys() | state.values.keys() == {"aids", "needs"}
    assert not state.errors.keys() & state.values.keys()
    assert is_json(dict(state.values))
    chosen = state.values.get("aids", [])
    assert chosen == [value for value in AIDS if value in chosen]
    assert set(state.values.get("needs", {}).values()) <= set(FREQUENCIES)
    assert len(asked.render(state).error_links) == len(state.errors)


def test_conditions_ask_whether_an_option_is_among_the_chosen(kinds, aids, today):
    request = FactsRequest(aids(none_of_these="none"), ["cane", "walker"], today, {})
    facts = {
        f"aids.{name}" if name else "aids": v for name, v in kinds["choices"].facts(request).items()
    }
    assert facts == {"aids": ("cane", "walker"), "aids.count": 2}

    def holds(operator, value, known=facts):
        return Compare("aids", operator, value).holds(known)

    assert holds(Operator.EQUALS, "cane")
    assert holds(Operator.EQUALS, "walker")
    assert not holds(Operator.EQUALS, "none")
    assert holds(Operator.IN, ("none", "walker"))
    assert not holds(Operator.NOT, "cane")
    assert holds(Operator.NOT, "none")
    assert not holds(Operator.NOT, ("none", "cane"))
    assert holds(Operator.FILLED, value=True)
    assert not holds(Operator.FILLED, value=True, known={})
    assert holds(Operator.NOT, "cane", {})


def test_none_of_these_counts_as_none(kinds, aids, today):
    asked = aids(none_of_these="none")
    facts = kinds["choices"].facts(FactsRequest(asked, ["none"], today, {}))
    assert facts == {"": ("none",), "count": 0}


def test_a_condition_asks_about_a_row(form, field, needs):
    often = Compare("needs.food", Operator.EQUALS, "often")
    asked = form(needs(), field("more", "text", visible=often))
    shown = asked.read(*in_rows(food="often", sleep="never"), ("more", "ja"))
    assert shown.values["more"] == "ja"
    hidden = asked.read(*in_rows(food="never", sleep="often"), ("more", "ja"))
    assert "more" not in hidden.values


def test_they_are_shown_in_words_one_a_line(kinds, aids, needs):
    several = kinds["choices"]
    assert several.text(TextRequest(aids(), ["cane", "none"], "da", {})) == "Cane\nNone"
    value = {"sleep": "often", "food": "never"}
    assert (
        kinds["matrix"].text(TextRequest(needs(), value, "da", {})) == "Food: Never\nSleep: Often"
    )
    for kind, asked in (("choices", aids()), ("matrix", needs())):
        for nothing in (None, ["gone"], {"food": "gone"}, 7):
            assert kinds[kind].text(TextRequest(asked, nothing, "da", {})) == ""
