"""Kinds that are written as people write them, and kept in one way."""

from __future__ import annotations

import datetime
import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.model import Text
from selvbetjening_core.forms.control_parts import TYPED_LIMIT
from selvbetjening_core.values import FactsRequest, FormState, TextRequest

TODAY = datetime.date(2026, 11, 22)
CPR = "2512489996"  # an official test person; the number fails modulus 11
WRITTEN = ("amount", "time", "postcode", "cpr", "cvr", "p_number")


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("amount", "1.250,50", "1250.50"),
        ("amount", "1250,5", "1250.50"),
        ("amount", "1250 kr.", "1250.00"),
        ("amount", "kr. 1.250", "1250.00"),
        ("amount", "DKK 1 250,00", "1250.00"),
        ("amount", "1\u00a0250,00\u00a0kr", "1250.00"),
        ("amount", "1.250,-", "1250.00"),
        ("amount", "1250.50", "1250.50"),
        ("amount", "1,250.50", "1250.50"),
        ("amount", "1,250,000.05 kr.", "1250000.05"),
        ("amount", "0,05", "0.05"),
        ("amount", "-0", "0.00"),
        ("amount", "007", "7.00"),
        ("amount", "999.999.999,99", "999999999.99"),
        ("time", "14:30", "14:30"),
        ("time", "14.30", "14:30"),
        ("time", "1430", "14:30"),
        ("time", "kl. 14.30", "14:30"),
        ("time", "Kl 9", "09:00"),
        ("time", "930", "09:30"),
        ("time", "00.00", "00:00"),
        ("time", "23.59", "23:59"),
        ("postcode", "0800", "0800"),
        ("postcode", "9990", "9990"),
        ("postcode", "DK-8000", "8000"),
        ("postcode", "dk 8000", "8000"),
        ("cpr", CPR, CPR),
        ("cpr", "251248-9996", CPR),
        ("cpr", "251248 9996", CPR),
        ("cpr", " 251248 - 9996 ", CPR),
        ("cpr", "251248\u20139996", CPR),
        ("cpr", "851248-9996", "8512489996"),
        ("cpr", "290200-4000", "2902004000"),
        ("cvr", "12345674", "12345674"),
        ("cvr", "12 34 56 74", "12345674"),
        ("cvr", "DK12345674", "12345674"),
        ("cvr", "dk-12.34.56.74", "12345674"),
        ("p_number", "1234567890", "1234567890"),
        ("p_number", "1 234 567 890", "1234567890"),
    ],
)
def test_what_is_written_in_many_ways_is_kept_in_one(form, field, kind, typed, value):
    asked = form(field("answer", kind))
    state = asked.read(("answer", typed))
    assert (state.values, state.errors) == ({"answer": value}, {})
    kept = asked.compiled.recheck(state)
    assert kept.values == {"answer": value}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("amount", "1,250"),
        ("amount", "1,250,000"),
        ("amount", "1,250.5"),
        ("amount", "1,250.500"),
        ("amount", "1,25.50"),
        ("amount", "1,250.50,5"),
        ("amount", "1.2"),
        ("amount", "12.50.00"),
        ("amount", "1.2500"),
        ("amount", "1e3"),
        ("amount", "1_000"),
        ("amount", "NaN"),
        ("amount", "inf"),
        ("amount", "--1"),
        ("amount", "kr."),
        ("amount", "1250 EUR"),
        ("amount", "1000000000"),
        ("amount", "\uff11\uff12"),
        ("amount", "-1"),
        ("time", "24:00"),
        ("time", "12:60"),
        ("time", "2:30 pm"),
        ("time", "12:3"),
        ("time", "12:30:00"),
        ("time", "\u0661\u0664:\u0663\u0660"),
        ("time", "-1:30"),
        ("postcode", "0799"),
        ("postcode", "9991"),
        ("postcode", "800"),
        ("postcode", "SE-8000"),
        ("postcode", "\uff18\uff10\uff10\uff10"),
        ("cpr", "251348-9996"),
        ("cpr", "290201-4000"),
        ("cpr", "000000-0000"),
        ("cpr", "921248-9996"),
        ("cpr", "25124-89996"),
        ("cpr", "251248--9996"),
        ("cpr", "251248999"),
        ("cpr", "\uff12\uff15\uff11\uff12\uff14\uff189996"),
        ("cvr", "12345678"),
        ("cvr", "02345678"),
        ("cvr", "1234567"),
        ("cvr", "SE12345674"),
        ("p_number", "123456789"),
        ("p_number", "12345678901"),
        ("p_number", "0234567890"),
    ],
)
def test_what_cannot_be_read_keeps_what_was_typed(form, field, kind, typed):
    asked = form(field("answer", kind, "Dit svar"))
    state = asked.read(("answer", typed))
    assert state.values == {}
    assert "Dit svar" in state.errors["answer"]
    shown = BeautifulSoup(asked.render(state).html, "html.parser").find(id="field-answer")
    assert (shown["value"], shown["aria-invalid"]) == (typed, "true")


HOSTILE = (
    "NaN",
    "1e999999",
    "1_000",
    "\ud800",
    "\uff11\uff12\uff13\uff14",
    "1" * 1_000_000,
    "\x00",
)


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_refused_in_words(form, field, kind, typed):
    asked = form(field("answer", kind, "Dit svar"))
    state = asked.read(("answer", typed))
    assert state.values == {}
    assert "Dit svar" in state.errors["answer"]
    assert len(state.typed["answer"][0]) <= TYPED_LIMIT + 1


@pytest.mark.parametrize("kind", WRITTEN)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.text() | st.from_regex(r"[0-9., :\-krDKl]{0,14}"))
def test_whatever_is_accepted_is_kept_when_it_is_shown_and_read_again(
    form, field, kinds, kind, typed
):
    question = field("answer", kind, required=False)
    asked = form(question)
    state = asked.read(("answer", typed))
    assert len(state.values) + len(state.errors) <= 1
    for value in state.values.values():
        assert value.isascii()
        assert asked.compiled.recheck(state).values == state.values
        assert kinds[kind].text(TextRequest(question, value, "da", {}))


@pytest.mark.parametrize("kind", [*WRITTEN, "bank_account", "date"])
@pytest.mark.parametrize("old", ["Hej", "", "12", "9.5", "\ud800", "1" * 5000, 7, True, [], {}])
def test_what_an_earlier_definition_accepted_is_dropped_and_asked_for_again(
    form, field, today, kind, old
):
    visible = Compare("answer", Operator.FILLED, value=True)
    asked = form(field("answer", kind), field("more", "yes_no", visible=visible))
    state = asked.compiled.recheck(FormState({"answer": old}, today=today))
    assert state.values == {}
    assert asked.render(FormState({"answer": old}, today=today)).html


def facts_of(kinds, field, today, kind, value):
    return kinds[kind].facts(FactsRequest(field("answer", kind), value, today, {}))


def test_conditions_compare_numbers_and_never_fractions(kinds, field, today):
    assert facts_of(kinds, field, today, "amount", "1250.50") == {"": "1250.50", "ore": 125050}
    assert facts_of(kinds, field, today, "amount", "-0.05")["ore"] == -5
    assert facts_of(kinds, field, today, "time", "14:30") == {"": "14:30", "minutes": 870}
    assert facts_of(kinds, field, today, "cpr", CPR) == {"": CPR, "age": 77}


@pytest.mark.parametrize(
    ("kind", "value", "danish", "english"),
    [
        ("amount", "1250.50", "1.250,50 kr.", "1,250.50 kr."),
        ("amount", "0.00", "0,00 kr.", "0.00 kr."),
        ("time", "09:05", "09.05", "09:05"),
        ("postcode", "0800", "0800", "0800"),
        ("cpr", CPR, "251248-9996", "251248-9996"),
        ("cvr", "12345674", "12345674", "12345674"),
        ("p_number", "1234567890", "1234567890", "1234567890"),
        ("amount", None, "", ""),
        ("time", None, "", ""),
        ("cpr", None, "", ""),
    ],
)
def test_a_value_is_shown_as_it_is_written(kinds, field, kind, value, danish, english):
    shown = [
        kinds[kind].text(TextRequest(field("a", kind), value, one, {})) for one in ("da", "en")
    ]
    assert shown == [danish, english]


@pytest.mark.parametrize("locale", ["da", "en"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("amount", "1250.50"),
        ("amount", "-1250000.05"),
        ("time", "09:05"),
        ("postcode", "0800"),
        ("cpr", CPR),
        ("cvr", "12345674"),
    ],
)
def test_what_our_page_shows_can_be_copied_into_it(form, field, kinds, kind, value, locale):
    keys = {"min": -10_000_000} if kind == "amount" else {}
    asked = field("answer", kind, settings=keys)
    shown = kinds[kind].text(TextRequest(asked, value, locale, {}))
    assert form(asked, locale=locale).read(("answer", shown)).values == {"answer": value}


@pytest.mark.parametrize(
    ("kind", "keys", "typed", "told"),
    [
        ("amount", {"min": 1000}, "999,99", "1.000,00 kr. eller mere"),
        ("amount", {"max": 1000}, "1000,01", "1.000,00 kr. eller mindre"),
        ("amount", {}, "-1", "0,00 kr. eller mere"),
        ("time", {"earliest": "08:00"}, "7.59", "08.00 eller senere"),
        ("time", {"latest": "15:30"}, "15.31", "15.30 eller tidligere"),
    ],
)
def test_a_limit_is_told_as_it_is_written(form, field, kind, keys, typed, told):
    state = form(field("answer", kind, settings=keys)).read(("answer", typed))
    assert told in state.errors["answer"]


@pytest.mark.parametrize(
    ("kind", "keys", "typed", "value"),
    [
        ("amount", {"min": 1000}, "1000", "1000.00"),
        ("amount", {"max": 1000}, "1000", "1000.00"),
        ("amount", {"min": -5}, "-4,50", "-4.50"),
        ("time", {"earliest": "08:00"}, "8.00", "08:00"),
        ("time", {"latest": "15:30"}, "15.30", "15:30"),
    ],
)
def test_a_limit_is_within_itself(form, field, kind, keys, typed, value):
    assert form(field("answer", kind, settings=keys)).read(("answer", typed)).values == {
        "answer": value
    }


def test_the_limits_of_a_time_are_times_in_order(kinds, field):
    check = kinds["time"].declaration.check
    for keys in ({"earliest": "8"}, {"latest": "25:00"}, {"earliest": "15:30", "latest": "08:00"}):
        (problem,) = check(field("answer", "time", settings=keys))
        assert problem.key in keys
    assert not list(check(field("a", "time", settings={"earliest": "08:00", "latest": "08:00"})))


def test_no_browser_is_asked_to_remember_a_cpr_number(form, field):
    html = BeautifulSoup(form(field("answer", "cpr")).render().html, "html.parser")
    assert html.find(id="field-answer")["autocomplete"] == "off"


def test_a_unit_is_shown_beside_the_input_and_read_with_it(form, field):
    unit = Text({"da": "timer", "en": "hours"})
    asked = form(field("hours", "number", settings={"unit": unit, "width": "medium"}), locale="en")
    html = BeautifulSoup(asked.render(asked.read(("hours", "x"))).html, "html.parser")
    control = html.find(id="field-hours")
    assert html.find(id="field-hours-unit").get_text() == "hours"
    assert control["aria-describedby"] == "field-hours-unit field-hours-error"
    assert "width-medium" in control["class"]
    assert form(field("n", "number")).render().html.count("unit") == 0


@pytest.mark.parametrize("kind", ["text", "long_text"])
def test_a_limit_that_the_definition_sets_is_told_before_it_is_passed(form, field, kind):
    asked = form(field("answer", kind, settings={"max_length": 20}, hint="Kort"))
    html = BeautifulSoup(asked.render().html, "html.parser")
    assert html.find(id="field-answer-limit").get_text() == "Du kan højst skrive 20 tegn"
    told = html.find(id="field-answer")["aria-describedby"]
    assert told == "field-answer-limit field-answer-hint"
    assert "limit" not in form(field("answer", kind)).render().html


@pytest.mark.parametrize(
    ("kind", "value", "shown"), [("number", 7, "7 timer"), ("text", "7", "7 timer")]
)
def test_a_unit_stands_on_the_summary(kinds, field, kind, value, shown):
    asked = field("hours", kind, settings={"unit": Text({"da": "timer"})})
    assert kinds[kind].text(TextRequest(asked, value, "da", {})) == shown
    assert kinds[kind].text(TextRequest(asked, None, "da", {})) == ""


def account(registration, number):
    return (("a.registration", registration), ("a.account", number))


@pytest.mark.parametrize(
    ("registration", "number", "value"),
    [
        ("1234", "1234567", "1234 0001234567"),
        ("12", "1", "0012 0000000001"),
        ("1234", "12 34 56.78-90", "1234 1234567890"),
        ("1234 1234567", "", "1234 0001234567"),
        ("1234-0001234567", " ", "1234 0001234567"),
        ("12340001234567", "", "1234 0001234567"),
    ],
)
def test_an_account_is_two_numbers(form, field, registration, number, value):
    asked = form(field("a", "bank_account"))
    state = asked.read(*account(registration, number))
    assert (state.values, state.errors) == ({"a": value}, {})
    html = BeautifulSoup(asked.render(FormState(state.values, today=TODAY)).html, "html.parser")
    shown = [html.find(id=f"field-a-{part}")["value"] for part in ("registration", "account")]
    assert " ".join(shown) == value
    assert asked.compiled.recheck(state).values == state.values


@pytest.mark.parametrize(
    ("registration", "number", "told", "parts"),
    [
        ("", "", "Udfyld", ["registration", "account"]),
        ("1234", "", "både", ["account"]),
        ("", "1234567", "både", ["registration"]),
        ("12345", "1234567", "højst fire cifre", ["registration"]),
        ("0000", "1234567", "Registreringsnummeret", ["registration"]),
        ("1234", "12345678901", "højst ti cifre", ["account"]),
        ("1234", "\uff11\uff12", "Kontonummeret", ["account"]),
        ("123456789012345", "", "Kontonummeret", ["account"]),
        ("DK1212341234567890", "", "både", ["registration", "account"]),
        ("\ud800", "1e999999", "Registreringsnummeret", ["registration", "account"]),
        ("1" * 1_000_000, "1", "Forkort", ["registration"]),
    ],
)
def test_an_error_in_an_account_leads_to_the_number_that_is_wrong(
    form, field, registration, number, told, parts
):
    asked = form(field("a", "bank_account"))
    state = asked.read(*account(registration, number))
    assert state.values == {}
    assert told in state.errors["a"]
    shown = asked.render(state)
    assert shown.error_links[0][0] == f"field-a-{parts[0]}"
    marked = BeautifulSoup(shown.html, "html.parser").find_all(attrs={"aria-invalid": True})
    assert [one["id"].removeprefix("field-a-") for one in marked] == parts


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.text() | st.from_regex(r"[0-9 .\-]{0,16}"),
    second=st.text() | st.from_regex(r"[0-9 .\-]{0,12}"),
)
def test_whatever_account_is_accepted_has_four_and_ten_digits(form, field, first, second):
    asked = form(field("a", "bank_account", required=False))
    state = asked.read(*account(first, second))
    asked.render(state)
    for value in state.values.values():
        assert re.fullmatch(r"[0-9]{4} [0-9]{10}", value, re.ASCII)
        assert asked.compiled.recheck(state).values == state.values
