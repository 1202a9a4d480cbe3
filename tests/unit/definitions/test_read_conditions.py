"""Conditions as written, and what is wrong with them."""

from __future__ import annotations

import pytest

from selvbetjening_core.definitions.conditions import AllOf, AnyOf, Compare, Operator

LOST = Compare("cause", Operator.EQUALS, "lost")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{ cause = "lost" }', LOST),
        ('{ cause = { equals = "lost" } }', LOST),
        ('{ cause = ["lost", "moved"] }', Compare("cause", Operator.IN, ("lost", "moved"))),
        ('{ cause = { not = "lost" } }', Compare("cause", Operator.NOT, "lost")),
        (
            '{ cause = { not = ["lost", "moved"] } }',
            Compare("cause", Operator.NOT, ("lost", "moved")),
        ),
        ("{ sure = true }", Compare("sure", Operator.EQUALS, True)),  # noqa: FBT003
        ("{ note = { filled = false } }", Compare("note", Operator.FILLED, False)),  # noqa: FBT003
        (
            "{ count = { at_least = 1, below = 5 } }",
            AllOf((Compare("count", Operator.AT_LEAST, 1), Compare("count", Operator.BELOW, 5))),
        ),
        (
            '{ cause = "lost", sure = true }',
            AllOf((LOST, Compare("sure", Operator.EQUALS, True))),  # noqa: FBT003
        ),
        (
            '{ any = [{ cause = "lost" }, { count = 2 }] }',
            AnyOf((LOST, Compare("count", Operator.EQUALS, 2))),
        ),
    ],
)
def test_what_is_written_is_what_is_meant(asking, written, meant):
    definition = asking(written)
    assert definition.codes == []
    assert definition.solution.step("last").visible == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ('{ casue = "lost" }', "condition-unknown-fact"),
        ('{ cause.age = "lost" }', "condition-unknown-fact"),
        ("{ parameter.free = true }", "condition-unknown-fact"),
        ('{ last = "x" }', "condition-on-later-step"),
        ('{ cause = "stolen" }', "condition-unknown-option"),
        ('{ cause = ["lost", "stolen"] }', "condition-unknown-option"),
        ('{ cause = { not = "stolen" } }', "condition-unknown-option"),
        ("{ cause = 1 }", "condition-wrong-type"),
        ("{ cause = true }", "condition-wrong-type"),
        ("{ sure = 1 }", "condition-wrong-type"),
        ('{ sure = "true" }', "condition-wrong-type"),
        ("{ count = true }", "condition-wrong-type"),
        ("{ count = 1.0 }", "condition-wrong-type"),
        ('{ count = { at_least = "1" } }', "condition-wrong-type"),
        ("{ count = { at_least = [1] } }", "condition-wrong-type"),
        ("{ count = { equals = [1] } }", "condition-wrong-type"),
        ("{ sure = { at_least = 1 } }", "condition-wrong-type"),
        ("{ note = { filled = 1 } }", "condition-wrong-type"),
        ("{ cause = 2024-01-01 }", "condition-wrong-type"),
        ('{ cause = [{ a = "lost" }] }', "condition-wrong-type"),
        ("{ count = { atleast = 1 } }", "condition-unknown-operator"),
        ("{ count = { at_least = 1, belov = 2 } }", "condition-unknown-operator"),
        ("{}", "condition-empty"),
        ("{ cause = {} }", "condition-empty"),
        ("{ cause = [] }", "condition-empty"),
        ("{ all = [] }", "condition-empty"),
        ("{ any = [{}] }", "condition-empty"),
        ('{ any = ["lost"] }', "wrong-type"),
        ('"cause = lost"', "wrong-type"),
    ],
)
def test_what_is_wrong_is_one_problem(asking, written, code):
    definition = asking(written)
    assert definition.solution is None
    assert definition.lines == [(code, f"visible = {written}")]


def test_suggestions(asking):
    (problem,) = asking('{ casue = "lost" }').problems
    assert 'did you mean "cause"?' in problem.message
    (problem,) = asking('{ cause = "losst" }').problems
    assert 'did you mean "lost"?' in problem.message
    (problem,) = asking("{ sure = 1 }").problems
    assert problem.message == '"sure" is true or false, and 1 is not'
    (problem,) = asking("{ count = true }").problems
    assert problem.message == '"count" is a number, and true is not'


def test_a_condition_on_something_broken_is_not_reported_once_more(asking, parts):
    steps = parts["cause"].replace('"choice"', '"choise"') + parts["answers"]
    assert asking('{ cause = "lost" }', steps).codes == ["unknown-field-kind"]


def test_what_a_person_tells_can_be_asked(asking, parts):
    person = '\n[step.more.holder]\nkind = "person"\nfrom = "self"\nlabel.da = "Hvem?"\n'
    steps = parts["cause"] + parts["answers"] + person
    for good in (
        "{ holder.age = { at_least = 15 } }",
        "{ holder = { age = { at_least = 15 }, is_self = true } }",
        "{ holder.address = { filled = true } }",
    ):
        assert asking(good, steps).codes == [], good
    for wrong in ('{ holder.age = "15" }', '{ holder.address = "Testvej" }'):
        assert asking(wrong, steps).codes == ["condition-wrong-type"], wrong
    (problem,) = asking("{ holder.aeg = 15 }", steps).problems
    assert 'did you mean "holder.age"?' in problem.message


def test_a_field_may_ask_about_an_earlier_one_of_its_step_and_not_the_other_way(define, parts):
    def asks(first, second):
        text = parts["answers"].replace('"Hvor mange?"\n', f'"Hvor mange?"\n{first}')
        return define(text.replace('"Sikker?"\n', f'"Sikker?"\n{second}')).codes

    assert asks("", "visible = { count = 1 }\n") == []
    assert asks("visible = { sure = true }\n", "") == ["condition-on-later-step"]
    assert asks("visible = { count = 1 }\n", "") == ["condition-on-later-step"]
