"""Longer help of a field: on the page, in both languages, as text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.model import Text
from selvbetjening_core.values import FormState

HELP = Text({"da": "Se kontrakten.\n\nSpørg <udlejer> & bank.", "en": "See the contract."})


@pytest.fixture
def rent(field):
    return replace(field("rent", "text", "Husleje"), help=HELP)


def details(html):
    return BeautifulSoup(html, "html.parser").find_all("details")


def test_it_is_folded_up_behind_a_summary_that_names_the_field(form, rent):
    (found,) = details(form(rent).render().html)
    assert not found.has_attr("open")
    assert found.summary.get_text() == "Hjælp til »Husleje«"
    paragraphs = [one.get_text() for one in found.find_all("p")]
    assert paragraphs == ["Se kontrakten.", "Spørg <udlejer> & bank."]


def test_it_is_in_the_citizens_language(form, rent):
    (found,) = details(form(rent, locale="en").render().html)
    assert found.summary.get_text() == "Help with “Husleje (en)”"
    assert [one.get_text() for one in found.find_all("p")] == ["See the contract."]


def test_a_field_without_help_has_no_summary(form, field):
    assert details(form(field("rent", "text")).render().html) == []


def test_it_is_there_with_an_error_and_only_while_its_field_is_shown(form, rent, field, today):
    state = form(rent).read(("rent", ""))
    assert state.errors
    assert len(details(form(rent).render(replace(state, today=today)).html)) == 1
    hidden = replace(rent, visible=Compare("owns", Operator.EQUALS, value=False))
    page = form(field("owns", "yes_no"), hidden)
    assert details(page.render(FormState({"owns": True}, today=today)).html) == []
    assert len(details(page.render(FormState({"owns": False}, today=today)).html)) == 1
