from __future__ import annotations

from types import SimpleNamespace

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.forms.facts import (
    answer_facts,
    unanswered,
    visible_fields,
    visible_steps,
)


def equals(fact, value):
    return Compare(fact, Operator.EQUALS, value)


def steps_of(field, step):
    cause = field("cause", "choice", options=("lost", "damaged"))
    age = field("card_age", "number", visible=equals("cause", "damaged"))
    why = field("why", "text", visible=equals("card_age", 3))
    return (step(cause, age), step(why, name="second", visible=equals("cause", "damaged")))


def test_answers_become_flat_facts_in_page_order(field, step, kinds, household, today):
    holder = field("holder", "person", settings={"from": "self"})
    base = {"household": household, "parameter.free": True}
    facts = answer_facts((step(holder),), {"holder": "self"}, kinds, base, today)
    assert facts["holder"] == "self"
    assert facts["holder.address"] == household.person.address
    assert facts["parameter.free"] is True


def test_a_hidden_answer_never_counts(field, step, kinds, today):
    steps = steps_of(field, step)
    answers = {"cause": "lost", "card_age": 3, "why": "gammelt svar"}
    base = {"today": today}
    assert answer_facts(steps, answers, kinds, {}, today) == base | {"cause": "lost"}
    answers["cause"] = "damaged"
    assert answer_facts(steps, answers, kinds, {}, today) == base | answers


def test_steps_and_fields_that_are_shown(field, step, kinds, today):
    solution = SimpleNamespace(steps=steps_of(field, step))
    lost = answer_facts(solution.steps, {"cause": "lost"}, kinds, {}, today)
    assert visible_steps(solution, lost) == solution.steps[:1]
    assert [f.name for f in visible_fields(solution.steps[0], lost)] == ["cause"]
    damaged = {"cause": "damaged", "card_age": 2}
    assert visible_steps(solution, damaged) == solution.steps[:1], "nothing would be on it"
    assert visible_steps(solution, {**damaged, "card_age": 3}) == solution.steps


def test_unanswered_fields_that_are_shown(field, step, kinds, household, today):
    holder = field("holder", "person", settings={"from": "custody_same_address"})
    note = field("note", "text", required=False)
    solution = SimpleNamespace(steps=(*steps_of(field, step), step(holder, note, name="third")))

    def missing(**answers):
        facts = answer_facts(solution.steps, answers, kinds, {"household": household}, today)
        return [f.name for f in unanswered(solution, answers, kinds, facts)]

    assert missing() == ["cause", "holder"]
    assert missing(cause="damaged", holder="self") == ["card_age"]
    assert missing(cause="damaged", card_age=3, holder="self") == ["why"]
    assert missing(cause="lost", holder="child-1") == ["holder"], "the adult child is no answer"
    assert missing(cause="lost", holder="child-2") == []
