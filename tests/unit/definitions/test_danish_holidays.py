"""Danish holidays, held against printed calendars."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.definitions.danish_holidays import (
    DayOff,
    easter_sunday,
    holidays,
    is_workday,
)

# From the calendars of these years; 1818 and 1943 are the extremes.
EASTER = {
    1818: (3, 22),
    1943: (4, 25),
    2000: (4, 23),
    2008: (3, 23),
    2011: (4, 24),
    2019: (4, 21),
    2023: (4, 9),
    2024: (3, 31),
    2025: (4, 20),
    2026: (4, 5),
    2027: (3, 28),
    2028: (4, 16),
    2038: (4, 25),
}
IN_2026 = ["01-01", "04-02", "04-03", "04-05", "04-06", "05-14", "05-24", "05-25", "12-25", "12-26"]
IN_2023 = [
    *["01-01", "04-06", "04-07", "04-09", "04-10", "05-05"],
    *["05-18", "05-28", "05-29", "12-25", "12-26"],
]


@pytest.mark.parametrize("year", EASTER)
def test_easter(year):
    assert easter_sunday(year) == datetime.date(year, *EASTER[year])


def test_easter_is_always_a_sunday_between_22_march_and_25_april():
    for year in range(1583, 4100):
        easter = easter_sunday(year)
        assert easter.weekday() == 6
        assert (3, 22) <= (easter.month, easter.day) <= (4, 25)


@pytest.mark.parametrize(("year", "days"), [(2026, IN_2026), (2023, IN_2023)])
def test_the_holidays_of_a_year(year, days):
    assert sorted(day.isoformat() for day in holidays(year)) == [f"{year}-{day}" for day in days]


def test_great_prayer_day_is_one_until_2023():
    """The fourth Friday after Easter: 26 April in 2024, had it still been one."""
    assert datetime.date(2023, 5, 5) in holidays(2023)
    assert datetime.date(2022, 5, 13) in holidays(2022)
    assert datetime.date(2024, 4, 26) not in holidays(2024)
    assert is_workday(datetime.date(2024, 4, 26))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-05-01", DayOff.MAY_DAY),
        ("2026-06-05", DayOff.CONSTITUTION_DAY),
        ("2026-12-24", DayOff.CHRISTMAS_EVE),
        ("2026-12-31", DayOff.NEW_YEARS_EVE),
    ],
)
def test_days_off_are_workdays_until_they_are_declared(day, name):
    day = datetime.date.fromisoformat(day)
    assert is_workday(day)
    assert not is_workday(day, frozenset({name}))
    assert is_workday(day, frozenset(DayOff) - {name})


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-22", "2026-04-03", "2026-05-14"])
def test_weekends_and_holidays_are_no_workdays(day):
    assert not is_workday(datetime.date.fromisoformat(day))


def test_every_year_of_the_calendar_has_its_holidays():
    for year in (1, 4, 9999):
        assert len(holidays(year)) >= 9
