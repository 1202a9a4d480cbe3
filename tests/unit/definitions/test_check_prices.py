"""Holes and overlaps are found; what cannot occur is none."""

from __future__ import annotations

import datetime

import pytest

ALL = '{ cause = ["lost", "damaged", "moved"] }'
SURE = """
[step.sure]
title.da = "Sikker?"
visible  = { cause = "damaged" }

[step.sure.sure]
kind     = "yes_no"
label.da = "Sikker?"
"""


def test_a_whole_table_is_whole(priced):
    assert priced(("2024-01-01", ALL, "1.00")).codes == []
    assert priced(("2024-01-01", "", "1.00")).codes == []
    assert (
        priced(
            ("2024-01-01", '{ cause = "lost" }', "1.00"),
            ("2024-01-01", '{ cause = { not = "lost" } }', "0.00"),
        ).codes
        == []
    )


def test_no_row_at_all_is_free(priced):
    assert priced().codes == []


def test_a_hole_is_told_with_the_answers_that_fall_into_it(priced):
    definition = priced(("2024-01-01", '{ cause = ["lost", "moved"] }', "1.00"))
    (problem,) = definition.problems
    assert definition.codes == ["price-hole"]
    assert "cause = damaged" in problem.message


def test_an_overlap_names_both_rows(priced):
    definition = priced(("2024-01-01", ALL, "1.00"), ("2024-01-01", '{ cause = "lost" }', "2.00"))
    (problem,) = definition.problems
    assert definition.codes == ["price-overlap"]
    assert "cause = lost" in problem.message
    line = definition.solution is None and definition.text[: definition.text.index("[[price]]")]
    assert f"line {line.count(chr(10)) + 1}" in problem.message


def test_the_same_row_twice_on_one_day_is_an_error(priced):
    """Otherwise one of the two amounts would count, and nobody could tell which."""
    definition = priced(("2024-01-01", ALL, "1.00"), ("2024-01-01", ALL, "9.00"))
    assert definition.codes == ["price-twice"]
    assert priced(("2024-01-01", ALL, "1.00"), ("2024-01-02", ALL, "9.00")).codes == []


def test_a_newer_row_of_the_same_condition_is_no_overlap(priced):
    assert priced(("2023-01-01", ALL, "1.00"), ("2024-01-01", ALL, "2.00")).codes == []


def test_what_comes_later_is_checked_too(priced):
    rows = ("2024-01-01", "", "1.00"), ("2025-01-01", '{ cause = "lost" }', "2.00")
    assert priced(*rows).codes == ["price-overlap"]


def test_what_is_over_is_not(priced):
    """An answer that is new this year had no price last year; nobody can give it then."""
    rows = (
        ("2022-01-01", '{ cause = ["lost", "damaged"] }', "1.00"),
        ("2024-01-01", '{ cause = "moved" }', "2.00"),
    )
    assert priced(*rows).codes == []
    assert priced(*rows, today=datetime.date(2023, 6, 1)).codes == ["price-hole"]


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ('{ cause = "damaged", sure = false }', []),
        ('{ cause = { not = "damaged" }, sure = false }', ["price-hole"]),
    ],
)
def test_combinations_nobody_can_reach_are_no_holes(priced, condition, codes):
    """Who does not answer "damaged" is never asked whether that is sure."""
    definition = priced(
        ("2024-01-01", '{ cause = ["lost", "moved"] }', "0.00"),
        ("2024-01-01", "{ sure = true }", "1.00"),
        ("2024-01-01", condition, "2.00"),
        steps="",
        parts=CAUSE_AND_SURE,
    )
    assert definition.codes == codes


CAUSE_AND_SURE = (
    """
[step.cause]
title.da = "Hvorfor?"

[step.cause.cause]
kind     = "choice"
label.da = "Årsag"
options  = ["lost", "damaged", "moved"]

[step.cause.cause.option]
lost.da    = "Væk"
damaged.da = "I stykker"
moved.da   = "Flyttet"
"""
    + SURE
)


def test_an_answer_that_may_be_left_out_counts(priced, parts):
    steps = parts["cause"] + parts["answers"].replace(
        'kind     = "yes_no"', 'kind     = "yes_no"\nrequired = false'
    )
    rows = ("2024-01-01", "{ sure = true }", "1.00"), ("2024-01-01", "{ sure = false }", "2.00")
    assert priced(*rows, steps=steps).codes == ["price-hole"]
    assert priced(*rows, steps=parts["cause"] + parts["answers"]).codes == []


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        ("at_least = 15", "below = 15", []),
        ("above = 15", "below = 15", ["price-hole"]),
        ("at_least = 15", "at_most = 15", ["price-overlap"]),
        ("at_least = 16", "below = 15", ["price-hole"]),
    ],
)
def test_numbers_are_tried_around_each_limit(priced, parts, first, second, codes):
    rows = [("2024-01-01", f"{{ count = {{ {one} }} }}", "1.00") for one in (first, second)]
    assert priced(*rows, steps=parts["answers"]).codes == codes


def test_filled_is_tried_both_ways(priced, parts):
    filled = ("2024-01-01", "{ note = { filled = true } }", "1.00")
    empty = ("2024-01-01", "{ note = { filled = false } }", "1.00")
    assert priced(filled, empty, steps=parts["answers"]).codes == []
    assert priced(filled, steps=parts["answers"]).codes == ["price-hole"]
    count = ("2024-01-01", "{ count = { filled = false } }", "1.00")
    assert priced(count, steps=parts["answers"]).codes == ["price-hole"]


def test_an_address_may_be_missing_in_the_register(priced, parts):
    person = '\n[step.more.holder]\nkind = "person"\nfrom = "self"\nlabel.da = "Hvem?"\n'
    filled = ("2024-01-01", "{ holder.address = { filled = true } }", "1.00")
    steps = parts["answers"] + person
    assert priced(filled, steps=steps).codes == ["price-hole"]


def test_a_parameter_is_tried_both_ways(priced):
    parameter = '[parameter.free]\nkind = "yes_no"\nlabel.da = "Gratis?"\n'
    free = ("2024-01-01", "{ parameter.free = true }", "0.00")
    paid = ("2024-01-01", "{ parameter.free = false }", "1.00")
    assert priced(free, paid, parts=parameter).codes == []
    assert priced(free, parts=parameter).codes == ["price-hole"]


def test_each_channel_has_one_price(priced):
    counter = ("2024-01-01", "", "1.00", 'channel = "counter"\n')
    (problem,) = priced(counter).problems
    assert problem.code == "price-hole"
    assert "the channel is self_service" in problem.message
    assert priced(counter, ("2024-01-01", "", "2.00")).codes == []
    narrow = ("2024-01-01", '{ cause = "lost" }', "1.00", 'channel = "counter"\n')
    (problem,) = priced(narrow, ("2024-01-01", "", "2.00")).problems
    assert problem.code == "price-overlap"
    assert "the channel is counter" in problem.message


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (datetime.date(2023, 12, 31), ["price-not-yet-valid"]),
        (datetime.date(2024, 1, 1), []),
        (datetime.date(2024, 12, 31), []),
        (datetime.date(2025, 1, 1), ["price-old"]),
    ],
)
def test_prices_that_are_not_yet_valid_or_old(priced, today, codes):
    definition = priced(("2024-01-01", "", "1.00"), today=today)
    assert definition.codes == codes
    assert (definition.solution is None) == (codes == ["price-not-yet-valid"])


def table_of(answers):
    steps = '[step.many]\ntitle.da = "Mange"\n'
    for number in range(answers):
        steps += f'[step.many.n{number}]\nkind = "number"\nlabel.da = "Tal"\n'
    asked = ", ".join(f"n{number} = 1" for number in range(answers))
    return steps, ("2024-01-01", f"{{ any = [{{ {asked} }}, {{ n0 = {{ filled = true }} }}] }}")


def test_a_table_that_cannot_be_tried_out_is_refused(priced):
    steps, row = table_of(10)  # 3 ** 10 = 59049
    definition = priced((*row, "1.00"), steps=steps)
    assert definition.codes == ["price-table-too-large"]
    assert "59049 combinations" in next(iter(definition.problems)).message


def test_the_largest_table_is_tried_out_in_reasonable_time(priced):
    steps, row = table_of(9)
    began = datetime.datetime.now(tz=datetime.UTC)
    assert priced((*row, "1.00"), steps=steps).codes == []
    assert (datetime.datetime.now(tz=datetime.UTC) - began).total_seconds() < 5


def test_other_errors_come_first(priced):
    """Holes can only be looked for among conditions that are right."""
    hole = ("2024-01-01", '{ cause = "lost" }', "1.00")
    assert priced(hole, ("2024-01-01", '{ cause = "stolen" }', "1.00")).codes == [
        "condition-unknown-option"
    ]


HALVES = '{ cause = "lost" }', '{ cause = { not = "lost" } }'


@pytest.mark.parametrize(
    ("other", "newer", "codes"),
    [
        ("1.00", (), ["price-half-changed"]),
        ("1.00", (("2024-06-01", HALVES[1], "2.00"),), []),
        ("5.00", (), []),
        ("0.00", (), []),
    ],
)
def test_a_fee_that_is_changed_in_one_of_two_rows_is_warned_of(priced, other, newer, codes):
    definition = priced(
        ("2024-01-01", HALVES[0], "1.00"),
        ("2024-01-01", HALVES[1], other),
        ("2024-06-01", HALVES[0], "2.00"),
        *newer,
    )
    assert [one.code for one in definition.problems] == codes
    assert all(one.severity == "warning" for one in definition.problems)


DAYS = """
[step.days]
title.da = "Dage"

[step.days.moved]
kind     = "date"
label.da = "Flyttet"

[step.days.told]
kind     = "date"
label.da = "Fortalt"
"""
MOVED_IN_TIME = '{ moved = { at_least = ["today", "- 5 days"] } }'
MOVED_LATE = '{ moved = { below = ["today", "- 5 days"] } }'
TOLD_IN_TIME = '{ told = { at_most = ["moved", "+ 5 days"] } }'
TOLD_LATE = '{ told = { above = ["moved", "+ 5 days"] } }'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (MOVED_IN_TIME, MOVED_LATE),
        (TOLD_IN_TIME, TOLD_LATE),
        ("{ moved = 2024-06-01 }", "{ moved = { not = 2024-06-01 } }"),
        ("{ moved = { below = 2024-06-01 } }", "{ moved = { at_least = 2024-06-01 } }"),
        ("{ moved.age = { below = 1 } }", "{ moved.age = { at_least = 1 } }"),
    ],
)
def test_prices_that_depend_on_dates_are_whole(priced, first, second):
    rows = (("2024-01-01", first, "1.00"), ("2024-01-01", second, "2.00"))
    assert priced(*rows, steps=DAYS).codes == []


@pytest.mark.parametrize(
    ("first", "second", "code", "told"),
    [
        # On the fifth day itself: neither, or both.
        (MOVED_IN_TIME.replace("at_least", "above"), MOVED_LATE, "price-hole", "2024-05-27"),
        (MOVED_IN_TIME, MOVED_LATE.replace("below", "at_most"), "price-overlap", "2024-05-27"),
        (TOLD_IN_TIME.replace("at_most", "below"), TOLD_LATE, "price-hole", "told = 2024-06-06"),
        (TOLD_IN_TIME, TOLD_LATE.replace("+ 5", "+ 4"), "price-overlap", "told = 2024-06-06"),
        # Only when the moving day is close to the other limit.
        (TOLD_IN_TIME, "{ told = { above = 2024-06-20 } }", "price-overlap", "told = 2024-06-21"),
        (
            "{ moved = 2024-06-01 }",
            "{ moved = { not = [2024-06-01, 2024-06-03] } }",
            "price-hole",
            "2024-06-03",
        ),
    ],
)
def test_one_day_without_a_price_or_with_two_is_found(priced, first, second, code, told):
    rows = (("2024-01-01", first, "1.00"), ("2024-01-01", second, "2.00"))
    definition = priced(*rows, steps=DAYS)
    assert definition.codes == [code]
    (problem,) = definition.problems
    assert told in problem.message


def test_a_date_is_held_against_today(priced):
    """The same rows on a later day: what is five days ago has moved along."""
    gap = MOVED_IN_TIME.replace("at_least", "above")
    definition = priced(
        ("2024-01-01", gap, "1.00"),
        ("2024-01-01", MOVED_LATE, "2.00"),
        steps=DAYS,
        today=datetime.date(2024, 8, 31),
    )
    (problem,) = definition.problems
    assert "moved = 2024-08-26" in problem.message


def test_many_limits_are_a_table_too_large_to_check(priced):
    rows = [
        (
            "2024-01-01",
            f"{{ moved = 2024-{month:02}-{day:02}, told = 2024-{month:02}-{day:02} }}",
            "1.00",
        )
        for month in range(1, 9)
        for day in range(1, 11)
    ]
    assert priced(*rows, steps=DAYS).codes == ["price-table-too-large"]
