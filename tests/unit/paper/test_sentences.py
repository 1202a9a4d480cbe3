"""Conditions as sentences on paper, in both languages."""

from __future__ import annotations

import pytest

from selvbetjening_core.definitions.conditions import AllOf, AnyOf, Compare, Operator
from selvbetjening_core.definitions.dates import TODAY, DateRule
from selvbetjening_core.definitions.model import Field, Option, Text
from selvbetjening_core.paper.conditions import Sentences
from selvbetjening_core.problems import Place
from selvbetjening_core.texts import texts_for

PLACE = Place("solution.toml", 1)


def text(da, en=None):
    return Text({"da": da, "en": en or da})


def field(name, kind, label, options=()):
    told = tuple(Option(value, label) for value, label in options)
    return Field(name, kind, "step", label, PLACE, options=told)


FIELDS = {
    "cause": field(
        "cause",
        "choice",
        text("Årsag", "Reason"),
        [("lost", text("Væk", "Lost")), ("worn", text("Slidt", "Worn"))],
    ),
    "rented": field("rented", "yes_no", text("Bor du til leje?", "Do you rent?")),
    "size": field("size", "number", text("Størrelse", "Size")),
    "holder": field("holder", "person", text("Kortet er til", "The card is for")),
}


def told(condition, locale="da", frame="only_if"):
    return Sentences(FIELDS, texts_for(locale)).told(condition, frame)


def compare(fact, value, operator=Operator.EQUALS):
    return Compare(fact, operator, value)


@pytest.mark.parametrize(
    ("condition", "da", "en"),
    [
        (
            compare("cause", "lost"),
            "Udfyld kun, hvis »Årsag« er »Væk«.",
            "Fill in only if “Reason” is “Lost”.",
        ),
        (
            compare("cause", ("lost", "worn"), Operator.IN),
            "Udfyld kun, hvis »Årsag« er »Væk« eller »Slidt«.",
            "Fill in only if “Reason” is “Lost” or “Worn”.",
        ),
        (
            compare("cause", "lost", Operator.NOT),
            "Udfyld kun, hvis »Årsag« ikke er »Væk«.",
            "Fill in only if “Reason” is not “Lost”.",
        ),
        (
            compare("rented", value=True),
            "Udfyld kun, hvis »Bor du til leje?« er »Ja«.",
            "Fill in only if “Do you rent?” is “Yes”.",
        ),
        (
            compare("size", 150, Operator.AT_LEAST),
            "Udfyld kun, hvis »Størrelse« er mindst 150.",
            "Fill in only if “Size” is at least 150.",
        ),
        (
            compare("size", value=True, operator=Operator.FILLED),
            "Udfyld kun, hvis »Størrelse« er udfyldt.",
            "Fill in only if “Size” is filled in.",
        ),
        (
            compare("holder.age", 15, Operator.BELOW),
            "Udfyld kun, hvis »Kortet er til (alder)« er under 15.",
            "Fill in only if “The card is for (age)” is below 15.",
        ),
        (
            AllOf((compare("cause", "worn"), compare("size", 9, Operator.AT_MOST))),
            "Udfyld kun, hvis »Årsag« er »Slidt« og »Størrelse« er højst 9.",
            "Fill in only if “Reason” is “Worn” and “Size” is at most 9.",
        ),
        (
            AnyOf((compare("cause", "worn"), compare("size", 9, Operator.ABOVE))),
            "Udfyld kun, hvis »Årsag« er »Slidt« eller »Størrelse« er over 9.",
            "Fill in only if “Reason” is “Worn” or “Size” is above 9.",
        ),
    ],
)
def test_it_says_what_it_asks_about(condition, da, en):
    assert (told(condition), told(condition, "en")) == (da, en)


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param(compare("holder", "child-1"), id="a person of the register"),
        pytest.param(compare("holder.address", value=True), id="what a register tells"),
        pytest.param(compare("size", DateRule(TODAY), Operator.BELOW), id="a day"),
        pytest.param(compare("elsewhere", 1), id="no question of the form"),
        pytest.param(
            AllOf((compare("size", 1), AnyOf((compare("size", 2), compare("cause", "lost"))))),
            id="what could be read in two ways",
        ),
    ],
)
def test_what_has_no_words_is_told_in_general(condition):
    assert told(condition) == "Udfyld kun, hvis det gælder for dig."
    assert told(condition, frame="needed_if") == "Skal udfyldes, hvis det gælder for dig."


def test_without_a_condition_nothing_is_told():
    assert told(condition=True) == ""
