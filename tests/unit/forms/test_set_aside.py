"""What was answered and is hidden now: kept, and counted as none."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.forms.facts import answer_facts, unanswered
from selvbetjening_core.values import FormState, Submitted

DAMAGED = Compare("cause", Operator.EQUALS, "damaged")


@pytest.fixture
def cause(field):
    return field("cause", "choice", "Årsag", options=["lost", "damaged"])


@pytest.fixture
def why(field):
    return replace(field("why", "number", "Hvornår"), visible=DAMAGED)


@pytest.fixture
def read(form, today):
    def state(fields, *pairs, **answers):
        return form(*fields).compiled.read(Submitted(pairs, today, {}, answers))

    return state


def test_what_is_typed_into_a_field_that_the_same_page_hides_is_kept(read, cause, why):
    sent = (("cause", "lost"), ("_shown", "why"), ("why", "2020"))
    state = read((cause, why), *sent)
    assert (state.values, state.errors) == ({"cause": "lost"}, {})
    assert state.set_aside == {"why": 2020}


def test_what_was_answered_before_is_kept_when_the_page_does_not_show_it(read, cause, why):
    state = read((cause, why), ("cause", "lost"), why=2020)
    assert state.set_aside == {"why": 2020}
    assert read((cause, why), ("cause", "lost")).set_aside == {}


def test_what_the_citizen_has_emptied_is_not_kept(read, cause, why):
    sent = (("cause", "lost"), ("_shown", "why"), ("why", ""))
    assert read((cause, why), *sent, why=2020).set_aside == {}


@pytest.mark.parametrize("typed", ["abc", "1e999999", "9" * 20_000, "\ud800"])
def test_what_cannot_be_read_is_not_kept_and_no_reason_to_stop(read, cause, why, typed):
    state = read((cause, why), ("cause", "lost"), ("_shown", "why"), ("why", typed))
    assert (state.set_aside, state.errors) == ({}, {})


def test_an_answer_that_counts_is_not_set_aside(read, cause, why):
    state = read((cause, why), ("cause", "damaged"), ("_shown", "why"), ("why", "2020"), why=1999)
    assert state.values["why"] == 2020
    assert state.set_aside == {}


def test_what_comes_into_view_again_is_shown_as_it_was_answered(form, read, cause, why, today):
    state = read((cause, why), ("cause", "damaged"), why=2020)
    assert list(state.errors) == ["why"], "the citizen sees it before it counts"
    assert "why" not in state.values
    assert 'value="2020"' in form(cause, why).render(state).html
    plain = FormState({"cause": "damaged"}, today=today)
    assert 'value="2020"' not in form(cause, why).render(plain).html


def test_it_is_no_fact_and_hides_what_depends_on_it(read, cause, why, field):
    more = replace(field("more", "text"), visible=Compare("why", Operator.FILLED, value=True))
    sent = (
        ("cause", "lost"),
        ("_shown", "why"),
        ("why", "2020"),
        ("_shown", "more"),
        ("more", "x"),
    )
    state = read((cause, why, more), *sent)
    assert state.values == {"cause": "lost"}
    assert state.set_aside == {"why": 2020, "more": "x"}


def test_an_option_that_is_not_offered_is_not_kept(read, cause, field):
    way = field("way", "choice", options=["post", "desk"])
    post, desk = way.options
    way = replace(way, visible=DAMAGED, options=(post, replace(desk, when=DAMAGED)))
    sent = [("cause", "lost"), ("_shown", "way")]
    assert read((cause, way), *sent, ("way", "post")).set_aside == {"way": "post"}
    assert read((cause, way), *sent, ("way", "desk")).set_aside == {}


def test_a_forged_value_of_what_is_never_asked_is_not_kept(read, cause, field):
    fixed = replace(field("fixed", "fixed", settings={"value": "A"}), visible=DAMAGED)
    sent = (("cause", "lost"), ("_shown", "fixed"), ("fixed", "B"))
    assert read((cause, fixed), *sent, fixed="B").set_aside == {}


def test_kept_in_the_draft_it_counts_as_none(kinds, step, cause, why, today):
    steps = (step(cause, why),)
    solution = SimpleNamespace(steps=steps)
    for chosen, counts in (("damaged", True), ("lost", False)):
        answers = {"cause": chosen, "why": 2020}
        facts = answer_facts(steps, answers, kinds, {}, today)
        assert ("why" in facts) is counts
        assert unanswered(solution, answers, kinds, facts) == ()
