"""Date rules, held against a calendar."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.definitions.danish_holidays import DayOff, is_workday
from selvbetjening_core.definitions.dates import (
    TODAY,
    DateRule,
    Move,
    Snap,
    Unit,
    add_days,
    add_months,
    add_workdays,
    day_in,
    empty_window,
    nearest_workday,
    whole_years,
)
from selvbetjening_core.definitions.read_dates import LARGEST
from selvbetjening_core.values import CprNumber

FIRST, LAST = Snap.FIRST_OF_MONTH, Snap.LAST_OF_MONTH
NEXT, PREVIOUS = Snap.SAME_OR_NEXT_WORKDAY, Snap.SAME_OR_PREVIOUS_WORKDAY
CLOSED = frozenset({DayOff.CHRISTMAS_EVE})

days = st.dates()
steps = st.lists(
    st.one_of(
        st.sampled_from(Snap),
        st.sampled_from(Unit).flatmap(
            lambda unit: st.builds(Move, st.integers(-LARGEST[unit], LARGEST[unit]), st.just(unit))
        ),
    ),
    max_size=3,
)


def d(text):
    return datetime.date.fromisoformat(text)


def move(count, unit):
    return Move(count, Unit(unit))


# Each looked up by hand in a calendar of the year.
@pytest.mark.parametrize(
    ("base", "steps", "expected"),
    [
        # Days and weeks.
        ("2026-11-22", [move(30, "days")], "2026-12-22"),
        ("2026-11-22", [move(-28, "days")], "2026-10-25"),
        ("2024-02-28", [move(2, "days")], "2024-03-01"),
        ("2026-12-28", [move(1, "weeks")], "2027-01-04"),
        # Months and years, and their ends.
        ("2026-11-22", [move(1, "months")], "2026-12-22"),
        ("2026-01-31", [move(1, "months")], "2026-02-28"),
        ("2024-01-31", [move(1, "months")], "2024-02-29"),
        ("2026-02-28", [move(1, "months")], "2026-03-28"),
        ("2026-03-31", [move(-1, "months")], "2026-02-28"),
        ("2026-12-15", [move(2, "months")], "2027-02-15"),
        ("2026-01-15", [move(-1, "months")], "2025-12-15"),
        ("2024-02-29", [move(1, "years")], "2025-02-28"),
        ("2024-02-29", [move(4, "years")], "2028-02-29"),
        ("2026-11-22", [move(-18, "years")], "2008-11-22"),
        # løbende måned + 30 dage; løbende måned + 1 måned.
        ("2026-11-22", [LAST, move(30, "days")], "2026-12-30"),
        ("2026-01-01", [LAST, move(30, "days")], "2026-03-02"),
        ("2024-02-29", [LAST, move(30, "days")], "2024-03-30"),
        ("2026-01-31", [move(1, "months"), LAST], "2026-02-28"),
        ("2026-02-10", [move(1, "months"), LAST], "2026-03-31"),
        # The order of steps counts.
        ("2026-02-28", [LAST, move(1, "months")], "2026-03-28"),
        ("2026-11-22", [move(14, "days"), LAST, move(1, "days")], "2027-01-01"),
        # First and last of a month.
        ("2026-11-22", [FIRST], "2026-11-01"),
        ("2026-11-22", [move(1, "months"), FIRST], "2026-12-01"),
        ("2026-11-22", [LAST], "2026-11-30"),
        # Workdays: 22 November 2026 is a Sunday, 2 April 2026 Maundy Thursday.
        ("2026-11-22", [NEXT], "2026-11-23"),
        ("2026-11-22", [PREVIOUS], "2026-11-20"),
        ("2026-11-20", [NEXT], "2026-11-20"),
        ("2026-11-20", [move(1, "workdays")], "2026-11-23"),
        ("2026-11-20", [move(-1, "workdays")], "2026-11-19"),
        ("2026-04-01", [move(1, "workdays")], "2026-04-07"),
        ("2026-04-07", [move(-1, "workdays")], "2026-04-01"),
        ("2026-05-13", [move(3, "workdays")], "2026-05-19"),
        ("2026-12-23", [move(2, "workdays")], "2026-12-28"),
        ("2026-12-31", [move(1, "workdays")], "2027-01-04"),
        ("2023-05-04", [move(1, "workdays")], "2023-05-08"),
        ("2024-04-25", [move(1, "workdays")], "2024-04-26"),
    ],
)
def test_by_the_calendar(base, steps, expected):
    assert DateRule(TODAY, tuple(steps)).day({TODAY: d(base)}) == d(expected)


def test_a_declared_day_off_is_no_workday():
    rule = DateRule(TODAY, (move(2, "workdays"),), CLOSED)
    assert rule.day({TODAY: d("2026-12-23")}) == d("2026-12-29")


# Weekdays in the year, and how many of its holidays fall on one: both counted by hand.
WORKDAYS = {
    2023: 260 - 8,
    2024: 262 - 8,
    2025: 261 - 8,
    2026: 261 - 7,
    2027: 261 - 6,
    2028: 260 - 7,
}


@pytest.mark.parametrize("year", WORKDAYS)
def test_a_year_has_as_many_workdays_as_the_calendar_says(year):
    first = datetime.date(year, 1, 1)
    of_the_year = [day for n in range(366) if (day := add_days(first, n)).year == year]
    assert sum(map(is_workday, of_the_year)) == WORKDAYS[year]


def test_the_base_is_a_day_today_or_an_answer():
    facts = {TODAY: d("2026-11-22"), "moving": d("2026-12-01"), "empty": None, "odd": "soon"}
    assert DateRule(d("2026-01-01")).day({}) == d("2026-01-01")
    assert DateRule(TODAY).day(facts) == d("2026-11-22")
    assert DateRule("moving", (move(5, "days"),)).day(facts) == d("2026-12-06")
    for name in ("empty", "odd", "missing"):
        assert DateRule(name).day(facts) is None
        assert day_in(facts, name) is None


def test_today_is_never_guessed():
    with pytest.raises(ValueError, match="today"):
        DateRule(TODAY).day({})


def test_source_and_fixed():
    assert (DateRule("moving").source, DateRule("moving").is_fixed) == ("moving", False)
    assert (DateRule(TODAY).source, DateRule(TODAY).is_fixed) == ("", False)
    assert (DateRule(d("2026-01-01")).source, DateRule(d("2026-01-01")).is_fixed) == ("", True)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-11-22", "2026-11-22", 18),
        ("2008-11-23", "2026-11-22", 17),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
        ("2010-02-28", "2028-02-29", 18),
        ("2027-01-01", "2026-11-22", -1),
    ],
)
def test_age(born, on, age):
    assert whole_years(d(born), d(on)) == age


@given(born=st.dates(d("1900-01-01"), d("1999-12-31")), on=days)
def test_an_age_is_that_of_a_cpr_number(born, on):
    cpr = CprNumber(f"{born:%d%m%y}0000")
    assert max(0, whole_years(cpr.birth_date, on)) == cpr.age_on(on)


def test_a_cpr_number_of_the_years_to_come_is_of_no_age():
    on = d("2026-11-22")
    ages = [CprNumber(number).age_on(on) for number in ("0101364000", "3112575000", "2211265000")]
    assert ages == [0, 0, 0]
    assert CprNumber("2211254000").age_on(on) == 1


@given(
    born=st.dates(d("1850-01-01"), d("2100-12-31")), on=st.dates(d("2000-01-01"), d("2100-12-31"))
)
def test_so_many_years_ago_means_at_least_so_old(born, on):
    for years in (0, 1, 15, 18, 67):
        ago = add_months(on, -12 * years)
        assert (born <= ago) == (whole_years(born, on) >= years)


@given(day=days, rule_steps=steps)
def test_a_rule_gives_a_day_whatever_it_begins_with(day, rule_steps):
    rule = DateRule("it", tuple(rule_steps), frozenset(DayOff))
    assert isinstance(rule.day({"it": day}), datetime.date)


@given(day=days, count=st.integers(-1200, 1200))
def test_months_keep_the_day_or_end_the_month(day, count):
    found = add_months(day, count)
    if found in (datetime.date.min, datetime.date.max):
        return
    assert (found.year - day.year) * 12 + found.month - day.month == count
    is_last = add_days(found, 1).day == 1
    assert found.day == day.day or (found.day < day.day and is_last)


@given(day=st.dates(d("1900-01-01"), d("2200-12-31")), count=st.integers(1, 60))
def test_workdays_are_counted_one_by_one(day, count):
    found = add_workdays(day, count)
    between = [add_days(day, n) for n in range(1, (found - day).days + 1)]
    assert sum(map(is_workday, between)) == count
    assert is_workday(found)
    assert add_workdays(found, -count) <= nearest_workday(day, -1)


@given(one=days, other=days, rule_steps=steps)
def test_a_later_day_never_gives_an_earlier_one(one, other, rule_steps):
    rule = DateRule("it", tuple(rule_steps))
    assert rule.day_from(min(one, other)) <= rule.day_from(max(one, other))


def test_windows_that_are_empty():
    fixed, later = DateRule(d("2026-01-01")), DateRule(d("2026-01-02"))
    assert empty_window(fixed, fixed) is None
    assert empty_window(fixed, later) is None
    assert empty_window(later, fixed) == (d("2026-01-02"), d("2026-01-01"))
    start, five = DateRule("day", (move(-28, "days"),)), DateRule("day", (move(5, "days"),))
    assert empty_window(start, five) is None
    assert empty_window(five, start)


def test_a_window_that_is_empty_in_february_alone_is_found():
    earliest = DateRule(TODAY, (FIRST, move(29, "days")))
    assert empty_window(earliest, DateRule(TODAY, (LAST,))) == (d("2024-03-01"), d("2024-02-29"))


def test_of_windows_with_different_bases_nothing_is_known():
    assert empty_window(DateRule("a", (move(9, "days"),)), DateRule("b")) is None
    assert empty_window(DateRule(TODAY), DateRule(d("2020-01-01"))) is None


def test_the_calendar_has_ends():
    assert add_days(datetime.date.max, 1) == datetime.date.max
    assert add_months(datetime.date.min, -1) == datetime.date.min
    new_years_eve = frozenset({DayOff.NEW_YEARS_EVE})
    assert nearest_workday(datetime.date.max, 1, new_years_eve) == datetime.date.max
