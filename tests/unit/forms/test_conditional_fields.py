"""Required on a condition, and options on a condition: shown, read, and counted alike."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.forms.facts import answer_facts, unanswered
from selvbetjening_core.forms.makers import Ready, RequiredWhen, view_maker
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.themes.rendering import environment
from selvbetjening_core.values import FormState

DAMAGED = Compare("cause", Operator.EQUALS, "damaged")
TOLD = "Vælg igen under »Levering«: Det, du havde valgt, er ikke længere en mulighed"


@pytest.fixture
def cause(field):
    return field("cause", "choice", "Årsag", options=["lost", "damaged"])


@pytest.fixture
def why(field):
    return replace(field("why", "text", "Hvorfor", required=False), required_when=DAMAGED)


def only_when_damaged(asked, value):
    options = (
        replace(option, when=DAMAGED) if option.value == value else option
        for option in asked.options
    )
    return replace(asked, options=tuple(options))


@pytest.fixture
def delivery(field):
    def build(kind="choice", **more):
        asked = field("way", kind, "Levering", options=["post", "mail", "desk"], **more)
        return only_when_damaged(asked, "desk")

    return build


@pytest.fixture
def missing(kinds, step, today):
    """What is unanswered when each field stands on a step of its own."""

    def names(*fields, **answers):
        steps = tuple(step(one, name=f"step_{one.name}") for one in fields)
        facts = answer_facts(steps, answers, kinds, {}, today)
        solution = SimpleNamespace(steps=steps)
        return [one.name for one in unanswered(solution, answers, kinds, facts)], facts

    return names


def test_required_only_when_the_condition_holds(form, cause, why):
    page = form(cause, why)
    assert page.read(("cause", "lost"), ("why", "")).errors == {}
    assert page.read(("cause", "damaged"), ("why", "")).errors == {"why": "Udfyld »Hvorfor«"}
    assert page.read(("cause", "damaged"), ("why", "Faldt")).values["why"] == "Faldt"


def test_the_optional_mark_follows_an_answer_on_an_earlier_step(form, why):
    assert "(valgfrit)" in form(why, facts={"cause": "lost"}).render().html
    assert "(valgfrit)" not in form(why, facts={"cause": "damaged"}).render().html


def test_a_condition_on_an_earlier_step_is_asked_when_the_answer_is_read(form, why):
    assert form(why, facts={"cause": "lost"}).read(("why", "")).errors == {}
    assert "why" in form(why, facts={"cause": "damaged"}).read(("why", "")).errors


def test_the_summary_asks_for_what_an_earlier_answer_now_requires(missing, cause, why):
    assert missing(cause, why, cause="lost")[0] == []
    assert missing(cause, why, cause="damaged")[0] == ["why"]
    assert missing(cause, why, cause="damaged", why="Faldt")[0] == []


def test_a_hidden_answer_requires_nothing(missing, field, cause, why):
    first = field("first", "yes_no")
    hidden = replace(cause, visible=Compare("first", Operator.EQUALS, True))  # noqa: FBT003
    assert missing(first, hidden, why, first=True, cause="damaged")[0] == ["why"]
    assert missing(first, hidden, why, first=False, cause="damaged")[0] == []


def test_a_field_required_on_a_condition_is_compiled_twice(kinds, why, field):
    jinja = environment(PLAIN, {PLAIN.name: PLAIN})
    made = view_maker(why, kinds["text"], "da", jinja)
    assert isinstance(made, RequiredWhen)
    assert isinstance(made.required, Ready)
    assert isinstance(made.optional, Ready)
    plain = field("way", "choice", options=["post", "mail"])
    assert isinstance(view_maker(plain, kinds["choice"], "da", jinja), Ready)


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_an_option_is_offered_only_when_its_condition_holds(form, delivery, kind):
    lost = form(delivery(kind), facts={"cause": "lost"}).render().html
    damaged = form(delivery(kind), facts={"cause": "damaged"}).render().html
    assert 'value="desk"' not in lost
    assert 'value="mail"' in lost
    assert 'value="desk"' in damaged


@pytest.mark.parametrize(
    ("kind", "offered", "forged"),
    [
        ("choice", [("way", "mail")], [("way", "desk")]),
        ("choices", [("way.mail", "mail")], [("way.mail", "mail"), ("way.desk", "desk")]),
    ],
)
def test_a_forged_option_is_refused_and_told_kindly(form, delivery, kind, offered, forged):
    page = form(delivery(kind), facts={"cause": "lost"})
    assert page.read(*offered).errors == {}
    state = page.read(*forged)
    assert state.errors == {"way": TOLD}
    assert state.values == {}
    assert form(delivery(kind), facts={"cause": "damaged"}).read(*forged).errors == {}


def test_a_forged_option_in_a_row_is_refused(form, delivery, field):
    rows = field("x", "choice", options=["north", "south"]).options
    matrix = delivery("matrix", rows=rows)
    sent = (("way.north", "desk"), ("way.south", "post"))
    assert form(matrix, facts={"cause": "damaged"}).read(*sent).errors == {}
    assert form(matrix, facts={"cause": "lost"}).read(*sent).errors == {"way": TOLD}


def test_the_condition_may_be_answered_on_the_same_page(form, cause, delivery):
    page = form(cause, delivery())
    assert page.read(("cause", "damaged"), ("way", "desk")).values["way"] == "desk"
    assert page.read(("cause", "lost"), ("way", "desk")).errors == {"way": TOLD}


@pytest.mark.parametrize(("kind", "answer"), [("choice", "desk"), ("choices", ["mail", "desk"])])
@pytest.mark.parametrize("required", [True, False])
def test_an_answer_no_longer_offered_is_none_and_comes_back(
    missing, cause, delivery, kind, answer, required
):
    asked = delivery(kind, required=required)
    names, facts = missing(cause, asked, cause="damaged", way=answer)
    assert names == []
    assert "way" in facts
    names, facts = missing(cause, asked, cause="lost", way=answer)
    assert names == ["way"], "it is asked for again, though it be optional: it would be sent"
    assert "way" not in facts


def test_an_answer_no_longer_offered_in_a_row_is_none(missing, cause, delivery, field):
    rows = field("x", "choice", options=["north", "south"]).options
    matrix = delivery("matrix", rows=rows)
    answer = {"north": "desk", "south": "post"}
    assert missing(cause, matrix, cause="damaged", way=answer)[0] == []
    assert missing(cause, matrix, cause="lost", way=answer)[0] == ["way"]


def test_the_citizen_is_told_why_it_is_asked_again(form, delivery, today):
    def shown(cause, **answers):
        facts = {"cause": cause}
        state = FormState(answers, facts=facts, today=today)
        return form(delivery(), facts=facts).render(state)

    again = shown("lost", way="desk")
    assert [message for _, message in again.error_links] == [TOLD]
    assert "checked" not in again.html
    assert shown("lost", way="mail").error_links == ()
    assert shown("damaged", way="desk").error_links == ()
    assert shown("lost").error_links == ()


def test_a_recheck_takes_no_part_of_an_answer_that_is_withdrawn(form, delivery, today):
    answers = {"way": ["mail", "desk"]}
    for cause, kept in (("damaged", answers), ("lost", {})):
        page = form(delivery("choices"), facts={"cause": cause})
        state = FormState(answers, facts={"cause": cause}, today=today)
        assert page.compiled.recheck(state).values == kept
