"""One pass over prepared fields finds what three passes over the definition find."""

from __future__ import annotations

import gc
from copy import copy
from dataclasses import replace
from types import SimpleNamespace
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.dates import TODAY, DateRule
from selvbetjening_core.definitions.model import OfferedSolution, Option, Text
from selvbetjening_core.forms.facts import answer_facts, unanswered, visible_steps
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.journey import plans
from selvbetjening_core.journey.plans import JourneyPlan, plan_of

KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
LOST = Compare("cause", Operator.EQUALS, "lost")
GROWN = Compare("born.age", Operator.AT_LEAST, 18)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "cause": st.sampled_from(["lost", "new", "withdrawn", "unknown", None]),
        "born": st.sampled_from(["2000-01-01", "2020-02-29", "2100-01-01", "no date"]),
        "why": st.text(max_size=5),
        "aids": st.lists(st.sampled_from(["cane", "frame"]), unique=True),
        "sure": st.sampled_from([True, None]),
    },
)


def option(value, when=None):
    return Option(value, Text({"da": value}), when=when)


@pytest.fixture
def offered(field, step):
    cause = field("cause", "choice")
    options = (
        option("lost"),
        option("new"),
        option("withdrawn", Compare("parameter.all", Operator.EQUALS, value=True)),
    )
    steps = (
        step(
            field("born", "date", settings={"latest": DateRule(TODAY)}, required=False),
            type(cause)(**{**_keys(cause), "options": options}),
            field("why", "text", required=False, required_when=LOST),
            name="first",
        ),
        step(field("aids", "choices", options=("cane", "frame"), visible=GROWN), name="second"),
        step(field("told", "message"), field("sure", "consent"), name="third", visible=LOST),
    )
    return OfferedSolution(SimpleNamespace(steps=steps, name="solution"), {"all": False})


def _keys(one):
    return {name: getattr(one, name) for name in type(one).__dataclass_fields__}


def three_passes(offered, answers, base, today):
    solution = offered.solution
    facts = answer_facts(solution.steps, answers, KINDS, base, today)
    return facts, visible_steps(solution, facts), unanswered(solution, answers, KINDS, facts)


def differs(offered, plan, answers, today):
    base = {**plan.parameters, "household": None}
    held = plan.held(answers, base, today)
    return (held.facts, held.steps, held.missing) != three_passes(offered, answers, base, today)


def test_one_pass_finds_what_three_do(offered, today):
    plan = JourneyPlan(offered, KINDS)

    @settings(max_examples=300, deadline=None)
    @given(answers=ANSWERS)
    def same(answers):
        assert not differs(offered, plan, answers, today)

    same()


@pytest.mark.parametrize("planted", ["is_shown", "is_required"])
def test_a_field_that_is_asked_wrongly_would_be_seen(offered, today, planted, monkeypatch):
    monkeypatch.setattr(plans.PreparedField, planted, lambda _self, _facts: False)
    assert differs(offered, JourneyPlan(offered, KINDS), {"cause": "lost"}, today)


def municipality(kinds=KINDS):
    """One with these kinds, as far as a plan looks at it."""
    return SimpleNamespace(layer=SimpleNamespace(getUtilitiesFor=lambda _: kinds.items()))


def test_a_plan_is_made_once_for_a_solution_of_a_municipality(offered):
    here = municipality()
    assert plan_of(here, offered) is plan_of(here, offered)


def test_municipalities_that_offer_the_same_share_the_plan(offered):
    own_texts = SimpleNamespace(**{**vars(offered.solution), "texts": {"after": "Her."}})
    theirs = replace(offered, solution=own_texts, parameters=dict(offered.parameters))
    assert plan_of(municipality(), theirs) is plan_of(municipality(), offered)


def another_kind(offered):
    return {**KINDS, "text": copy(KINDS["text"])}, offered


def another_parameter(offered):
    return KINDS, replace(offered, parameters={**offered.parameters, "days": 7})


def another_kind_of_value(offered):
    return KINDS, replace(offered, parameters={**offered.parameters, "days": "5"})


def other_steps(offered):
    first, *others = offered.solution.steps
    changed = (replace(first, fields=first.fields[1:]), *others)
    solution = SimpleNamespace(**{**vars(offered.solution), "steps": changed})
    return KINDS, replace(offered, solution=solution)


@pytest.mark.parametrize(
    "differing", [another_kind, another_parameter, another_kind_of_value, other_steps]
)
def test_where_anything_differs_the_plan_is_another(offered, differing):
    offered = replace(offered, parameters={**offered.parameters, "days": 5})
    kinds, theirs = differing(offered)
    assert plan_of(municipality(kinds), theirs) is not plan_of(municipality(), offered)


def test_a_shared_plan_keeps_what_it_is_known_by(offered):
    """Else a kind that is gone could leave its id to another."""
    kinds = {**KINDS, "text": copy(KINDS["text"])}
    gone = ref(kinds["text"])
    plan_of(municipality(kinds), offered)
    del kinds
    gc.collect()
    assert gone() is not None
