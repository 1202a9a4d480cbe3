"""Conditions and prices that compare dates."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.dates import TODAY, DateRule, Move, Unit

TODAY_IS = datetime.date(2026, 11, 22)


def d(text):
    return datetime.date.fromisoformat(text)


FIVE_DAYS_AGO = DateRule(TODAY, (Move(-5, Unit.DAYS),))


@pytest.mark.parametrize(
    ("operator", "held"),
    [
        (Operator.BELOW, (True, False, False)),
        (Operator.AT_MOST, (True, True, False)),
        (Operator.EQUALS, (False, True, False)),
        (Operator.AT_LEAST, (False, True, True)),
        (Operator.ABOVE, (False, False, True)),
    ],
)
def test_the_day_before_the_day_itself_and_the_day_after(operator, held):
    condition = Compare("moved", operator, FIVE_DAYS_AGO)
    days = (d("2026-11-16"), d("2026-11-17"), d("2026-11-18"))
    assert tuple(condition.holds({TODAY: TODAY_IS, "moved": day}) for day in days) == held


@pytest.mark.parametrize("operator", [Operator.BELOW, Operator.EQUALS, Operator.ABOVE])
@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        (FIVE_DAYS_AGO, {}),
        (FIVE_DAYS_AGO, {"moved": None}),
        (FIVE_DAYS_AGO, {"moved": "soon"}),
        (DateRule("started"), {"moved": d("2026-11-17")}),
        (DateRule("started"), {"moved": d("2026-11-17"), "started": None}),
    ],
)
def test_without_an_answer_no_comparison_holds(operator, rule, facts):
    assert not Compare("moved", operator, rule).holds({TODAY: TODAY_IS, **facts})


def test_a_date_is_compared_with_another():
    condition = Compare("moved", Operator.ABOVE, DateRule("started"))
    assert condition.holds({"moved": d("2026-12-01"), "started": d("2026-11-30")})
    assert not condition.holds({"moved": d("2026-11-30"), "started": d("2026-12-01")})


def test_nobody_guesses_what_day_it_is():
    with pytest.raises(ValueError, match="today"):
        Compare("moved", Operator.BELOW, FIVE_DAYS_AGO).holds({"moved": d("2026-11-17")})
