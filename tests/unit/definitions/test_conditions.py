"""Truth tables of the condition language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.definitions.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Operator,
    comparisons,
    undecided,
)
from selvbetjening_core.definitions.dates import TODAY, DateRule

MISSING = object()


def holds(operator, wanted, found):
    facts = {} if found is MISSING else {"fact": found}
    return Compare("fact", operator, wanted).holds(facts)


@pytest.mark.parametrize(
    ("found", "wanted", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("a", "A", False),
        (1, 1, True),
        (True, True, True),
        (False, False, True),
        (True, 1, False),
        (1, True, False),
        (False, 0, False),
        (0, False, False),
        ("1", 1, False),
        (None, "a", False),
        (None, False, False),
        (None, 0, False),
        ("", "a", False),
        (MISSING, "a", False),
    ],
)
def test_equals_and_not_are_opposites(found, wanted, same):
    assert holds(Operator.EQUALS, wanted, found) is same
    assert holds(Operator.NOT, wanted, found) is not same


@pytest.mark.parametrize(
    ("found", "wanted", "among"),
    [
        ("a", ("a", "b"), True),
        ("c", ("a", "b"), False),
        (True, (1, 2), False),
        (1, (True, False), False),
        (2, (1, 2), True),
        (None, ("a",), False),
        (MISSING, ("a",), False),
        ("a", (), False),
        ("a", "a", True),
        ("a", "abc", False),
    ],
)
def test_in_and_not_among_several(found, wanted, among):
    assert holds(Operator.IN, wanted, found) is among
    assert holds(Operator.NOT, wanted, found) is not among


@pytest.mark.parametrize(
    ("found", "filled"),
    [
        ("a", True),
        ("", False),
        (None, False),
        ((), False),
        (MISSING, False),
        (0, True),
        (False, True),
        (True, True),
        (("x",), True),
    ],
)
def test_filled(found, filled):
    assert holds(Operator.FILLED, wanted=True, found=found) is filled
    assert holds(Operator.FILLED, wanted=False, found=found) is not filled


@pytest.mark.parametrize(
    ("found", "at_least", "at_most", "above", "below"),
    [
        (14, False, True, False, True),
        (15, True, True, False, False),
        (16, True, False, True, False),
        (-1, False, True, False, True),
    ],
)
def test_numbers_are_ordered(found, at_least, at_most, above, below):
    assert holds(Operator.AT_LEAST, 15, found) is at_least
    assert holds(Operator.AT_MOST, 15, found) is at_most
    assert holds(Operator.ABOVE, 15, found) is above
    assert holds(Operator.BELOW, 15, found) is below


@pytest.mark.parametrize("operator", ["at_least", "at_most", "above", "below"])
@pytest.mark.parametrize("found", [None, MISSING, "15", True, False, "", 1.5])
def test_what_is_no_number_is_never_in_an_order(operator, found):
    assert holds(Operator(operator), 15, found) is False
    assert holds(Operator(operator), 0, found) is False
    assert holds(Operator(operator), 1, found) is False


def test_all_and_any():
    yes, no = Compare("a", Operator.EQUALS, 1), Compare("a", Operator.EQUALS, 2)
    facts = {"a": 1}
    assert AllOf((yes, yes)).holds(facts)
    assert not AllOf((yes, no)).holds(facts)
    assert AnyOf((no, yes)).holds(facts)
    assert not AnyOf((no, no)).holds(facts)
    assert AllOf(()).holds(facts)
    assert not AnyOf(()).holds(facts)


NAMES = ("a", "b", "c")
CONDITIONS = st.recursive(
    st.builds(Compare, st.sampled_from(NAMES), st.just(Operator.EQUALS), st.integers(0, 1)),
    lambda inner: st.one_of(
        st.builds(AllOf, st.tuples(inner, inner)), st.builds(AnyOf, st.tuples(inner, inner))
    ),
)


@given(
    condition=CONDITIONS,
    facts=st.fixed_dictionaries({name: st.integers(0, 1) for name in NAMES}),
    known=st.sets(st.sampled_from(NAMES)),
)
def test_what_is_left_to_ask_comes_to_the_same(condition, facts, known):
    left = undecided(condition, {name: facts[name] for name in known})
    if isinstance(left, bool):
        assert left == condition.holds(facts)
        return
    assert left.holds(facts) == condition.holds(facts)
    assert not known & {one.fact for one in comparisons(left)}


def test_without_a_condition_there_is_nothing_to_ask():
    assert undecided(None, {}) is True


def test_a_day_is_never_decided_beforehand():
    compared = Compare("day", Operator.BELOW, DateRule(TODAY))
    assert undecided(compared, {"day": "2026-11-02"}) is compared


def test_comparisons_finds_all_inside():
    one, two = Compare("a", Operator.EQUALS, 1), Compare("b", Operator.NOT, 2)
    assert list(comparisons(AllOf((one, AnyOf((two, one)))))) == [one, two, one]
    assert list(comparisons(None)) == []


def test_every_operator_is_covered_here():
    assert {operator.value for operator in Operator} == {
        "equals",
        "not",
        "in",
        "filled",
        "at_least",
        "at_most",
        "above",
        "below",
    }
