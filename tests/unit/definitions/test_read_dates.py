"""Date rules as written in definitions, and what is wrong with them."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.definitions.conditions import AllOf, Compare, Operator
from selvbetjening_core.definitions.danish_holidays import DayOff
from selvbetjening_core.definitions.dates import TODAY, DateRule, Move, Snap, Unit

DATES = """
[step.days]
title.da = "Dage"

[step.days.moving]
kind     = "date"
label.da = "Flyttedag"

[step.days.cause]
kind     = "text"
label.da = "Årsag"

[step.days.reported]
kind     = "date"
label.da = "Meldt"
{keys}

[step.days.later]
kind     = "date"
label.da = "Senere"
"""
FIVE_DAYS = Move(5, Unit.DAYS)


@pytest.fixture
def limited(define):
    """Read a definition whose field ``reported`` has the keys."""

    def read(keys, **more):
        return define(DATES.format(keys=keys), **more)

    return read


def setting(definition, name="latest"):
    assert definition.codes == []
    (field,) = (one for one in definition.solution.fields() if one.name == "reported")
    return field.settings[name]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-31", DateRule(datetime.date(2026, 1, 31))),
        ('"today"', DateRule(TODAY)),
        ('["today"]', DateRule(TODAY)),
        ('"moving"', DateRule("moving")),
        ('["moving", "+ 5 days"]', DateRule("moving", (FIVE_DAYS,))),
        ('["moving", "+5 days"]', DateRule("moving", (FIVE_DAYS,))),
        ('["today", "- 1 day"]', DateRule(TODAY, (Move(-1, Unit.DAYS),))),
        ('[2026-01-31, "+ 2 weeks"]', DateRule(datetime.date(2026, 1, 31), (Move(2, Unit.WEEKS),))),
        (
            '["today", "last_of_month", "+ 30 days"]',
            DateRule(TODAY, (Snap.LAST_OF_MONTH, Move(30, Unit.DAYS))),
        ),
        (
            '["today", "+ 1 month", "first_of_month", "same_or_next_workday"]',
            DateRule(TODAY, (Move(1, Unit.MONTHS), Snap.FIRST_OF_MONTH, Snap.SAME_OR_NEXT_WORKDAY)),
        ),
        ('["today", "- 18 years"]', DateRule(TODAY, (Move(-18, Unit.YEARS),))),
        ('["today", "+ 3 workdays"]', DateRule(TODAY, (Move(3, Unit.WORKDAYS),))),
    ],
)
def test_what_is_written_is_what_is_meant(limited, written, meant):
    assert setting(limited(f"latest = {written}")) == meant


@pytest.mark.parametrize(
    "written",
    [
        '"2026-01-31"',
        '"Today"',
        '"+ 30 days"',
        '["+ 30 days"]',
        '"last_of_month"',
        "[]",
        "true",
        "5",
        "2026-01-31T10:00:00",
        "{ today = 1 }",
        '["today", "30 days"]',
        '["today", "+ 30 dage"]',
        '["today", "+ 1,5 days"]',
        '["today", "+ 0 days"]',
        '["today", "+ 151 years"]',
        '["today", "+ 999999 days"]',
        '["today", "+ 9999999 days"]',
        '["today", "+ ٣ days"]',
        '["today", "last_of_mnth"]',
        '["today", "moving"]',
        '["today", 5]',
        '["today", ["+ 5 days"]]',
    ],
)
def test_what_is_no_rule_is_one_problem(limited, written):
    definition = limited(f"latest = {written}")
    assert definition.solution is None
    assert definition.lines == [("bad-date-rule", f"latest = {written}")]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('"movin"', "unknown-source"),
        ('["tody", "+ 1 day"]', "unknown-source"),
        ('"later"', "source-on-later-step"),
        ('"reported"', "source-on-later-step"),
        ('"cause"', "source-of-other-type"),
        ('"moving.age"', "source-of-other-type"),
    ],
)
def test_the_date_it_begins_with_must_be_known(limited, written, code):
    definition = limited(f"latest = {written}")
    assert definition.lines == [(code, f"latest = {written}")]


def test_advice_names_what_was_meant(limited):
    def told(written):
        (problem,) = limited(f"latest = {written}").problems
        return f"{problem.message} {problem.advice}"

    assert 'did you mean "last_of_month"?' in told('["today", "last_of_mnth"]')
    assert 'did you mean "months"?' in told('["today", "+ 30 monts"]')
    assert 'did you mean "moving"?' in told('"movin"')
    assert "1 to 150 years" in told('["today", "+ 151 years"]')
    assert "from what day" in told('"+ 30 days"')


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [
        ("2026-02-01", "2026-01-01"),
        ('["moving", "+ 5 days"]', '["moving", "- 28 days"]'),
        ('["today", "+ 1 month"]', '["today", "last_of_month"]'),
    ],
)
def test_a_window_that_lets_nothing_in_is_found(limited, earliest, latest):
    definition = limited(f"earliest = {earliest}\nlatest = {latest}")
    assert definition.lines == [("keys-at-odds", f"latest = {latest}")]
    assert limited(f"earliest = {latest}\nlatest = {earliest}").codes == []


def test_declared_days_off_are_no_workdays(limited, parts):
    head = parts["head"].replace(
        'may_act  = ["self"]', 'may_act  = ["self"]\ndays_off = ["may_day"]'
    )
    rule = setting(limited('latest = ["moving", "+ 1 workday"]', head=head))
    assert rule.days_off == {DayOff.MAY_DAY}
    assert rule.day({"moving": datetime.date(2026, 4, 30)}) == datetime.date(2026, 5, 4)


def test_a_day_off_that_nobody_knows(limited, parts):
    line = 'days_off = ["may_day", "grundlovsdag"]'
    head = parts["head"].replace('may_act  = ["self"]', f'may_act  = ["self"]\n{line}')
    assert limited("", head=head).lines == [("unknown-day-off", line)]


def below(rule):
    return Compare("moving", Operator.BELOW, rule)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{ moving = { below = 2026-01-31 } }", below(DateRule(datetime.date(2026, 1, 31)))),
        ('{ moving = { below = "today" } }', below(DateRule(TODAY))),
        (
            '{ moving = { below = ["today", "+ 5 days"] } }',
            below(DateRule(TODAY, (FIVE_DAYS,))),
        ),
        (
            "{ moving = 2026-01-31 }",
            Compare("moving", Operator.EQUALS, DateRule(datetime.date(2026, 1, 31))),
        ),
        (
            "{ moving = [2026-01-31, 2026-02-01] }",
            Compare("moving", Operator.IN, (datetime.date(2026, 1, 31), datetime.date(2026, 2, 1))),
        ),
        (
            "{ moving = { not = 2026-01-31 } }",
            Compare("moving", Operator.NOT, datetime.date(2026, 1, 31)),
        ),
        (
            "{ moving.age = { at_least = 15, below = 18 } }",
            AllOf(
                (
                    Compare("moving.age", Operator.AT_LEAST, 15),
                    Compare("moving.age", Operator.BELOW, 18),
                )
            ),
        ),
        (
            '{ later = { above = "moving" } }',
            Compare("later", Operator.ABOVE, DateRule("moving")),
        ),
    ],
)
def test_dates_in_conditions(asking, written, meant):
    definition = asking(written, DATES.format(keys=""))
    assert definition.codes == []
    assert definition.solution.step("last").visible == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('{ moving = "2026-01-31" }', "bad-date-rule"),
        ("{ moving = true }", "bad-date-rule"),
        ('{ moving = { below = ["today", "30 days"] } }', "bad-date-rule"),
        ('{ moving = ["2026-01-31"] }', "condition-wrong-type"),
        ('{ moving = { not = "2026-01-31" } }', "condition-wrong-type"),
        ('{ moving = { below = "last" } }', "condition-on-later-step"),
        ('{ moving = { below = "later" } }', "condition-on-later-step"),
        ('{ moving = { below = "moving" } }', "condition-on-later-step"),
        ('{ moving = { below = "latr" } }', "condition-unknown-fact"),
        ('{ later = { below = "cause" } }', "condition-wrong-type"),
        ("{ cause = { below = 2026-01-31 } }", "condition-wrong-type"),
    ],
)
def test_what_is_wrong_with_dates_in_conditions(asking, written, code):
    definition = asking(written, DATES.format(keys=""))
    assert definition.lines == [(code, f"visible = {written}")]


def test_no_field_is_called_today(define):
    steps = DATES.format(keys="").replace("step.days.later", "step.days.today")
    assert define(steps).codes == ["reserved-name"]
