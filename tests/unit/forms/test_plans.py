"""One pass over prepared fields finds what three passes over the definition find."""

from __future__ import annotations

from types import SimpleNamespace

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


def test_a_plan_is_made_once_for_a_solution_of_a_municipality(offered):
    made = []

    def kinds(_contract):
        made.append(1)
        return KINDS.items()

    municipalities = [
        SimpleNamespace(layer=SimpleNamespace(getUtilitiesFor=kinds)) for _ in range(2)
    ]
    first, again = (plan_of(municipalities[0], offered) for _ in range(2))
    assert first is again
    assert plan_of(municipalities[1], offered) is not first
    assert len(made) == 2
