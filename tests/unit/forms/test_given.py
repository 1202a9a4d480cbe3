"""What a read-only field holds, and when it is asked all the same."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.dates import TODAY, DateRule
from selvbetjening_core.forms.facts import answer_facts
from selvbetjening_core.forms.given import given_value

SAME = Compare("same", Operator.EQUALS, value=True)


@pytest.fixture
def on_card(field):
    return replace(field("on_card", "text", settings={"value_from": "name"}), read_only_when=SAME)


@pytest.fixture
def given(kinds, today):
    return lambda asked, **facts: given_value(asked, kinds, {TODAY: today, **facts})


def test_the_fact_is_given_while_the_condition_holds(on_card, given):
    assert given(on_card, name="Kis", same=True) == "Kis"
    assert given(on_card, name="Kis", same=False) is None
    always = replace(on_card, read_only=True, read_only_when=None)
    assert given(always, name="Kis") == "Kis"


def test_what_is_not_known_is_asked(on_card, given):
    assert given(on_card, same=True) is None
    assert given(on_card, same=True, name="") is None


def test_an_address_and_a_date_are_kept_as_they_are_answered(on_card, field, given, household):
    sent = replace(on_card, settings={"value_from": "holder.address"})
    address = household.person.address
    facts = {"holder.address": address, "same": True}
    assert given(sent, **facts) == ", ".join(address.lines)
    born = replace(field("born", "date", settings={"value_from": "day"}), read_only=True)
    assert given(born, day=datetime.date(2026, 1, 31)) == "2026-01-31"


def test_a_date_outside_the_limits_is_asked(field, given, today):
    settings = {"value_from": "day", "latest": DateRule(TODAY)}
    born = replace(field("born", "date", settings=settings), read_only=True)
    assert given(born, day=today) == today.isoformat()
    assert given(born, day=today + datetime.timedelta(days=1)) is None


def test_what_is_given_counts_and_not_what_was_answered(on_card, step, kinds, today):
    facts = answer_facts(
        (step(on_card),), {"on_card": "FORGED"}, kinds, {"name": "Kis", "same": True}, today
    )
    assert facts["on_card"] == "Kis"
    facts = answer_facts(
        (step(on_card),), {"on_card": "Else"}, kinds, {"name": "Kis", "same": False}, today
    )
    assert facts["on_card"] == "Else"
