"""Date rules: a day told from another day, as data.

A rule is a base (a fixed day, today, or the date that an earlier field holds)
and steps that are taken from it one after another::

    latest = ["today", "last_of_month", "+ 30 days"]

Nothing here reads a file or a clock. A day is a calendar date without a time
zone; whoever asks says which day is today (in Denmark).

Months and years are counted to the same day of the month; where that month has
no such day, to its last (31 January + 1 month is 28 or 29 February, 29 February
+ 1 year is 28 February). Regulation (EEC, Euratom) 1182/71, article 3(2)(c),
ends periods in months and years alike. What would fall outside the years
1 to 9999 stays on the first or the last day of them.
"""

from __future__ import annotations

import calendar
import datetime
import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.danish_holidays import DayOff, is_workday

TODAY = "today"
"""The base that means the day on which somebody asks; also the fact that holds it."""


class Unit(enum.StrEnum):
    """What is counted in. The words are those written in definitions."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    WORKDAYS = "workdays"


class Snap(enum.StrEnum):
    """A step to a certain day nearby. The words are those written in definitions."""

    FIRST_OF_MONTH = "first_of_month"
    LAST_OF_MONTH = "last_of_month"
    SAME_OR_NEXT_WORKDAY = "same_or_next_workday"
    SAME_OR_PREVIOUS_WORKDAY = "same_or_previous_workday"


@dataclass(frozen=True, slots=True)
class Move:
    """A step of ``count`` units, backwards where it is negative."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class DateRule:
    """A day told from another day.

    :param base: a fixed day, :data:`TODAY`, or the name of a fact that is a date
    :param steps: taken from it one after another
    :param days_off: days that are no workdays, beside weekends and holidays
    """

    base: datetime.date | str
    steps: tuple[Move | Snap, ...] = ()
    days_off: frozenset[DayOff] = frozenset()

    @property
    def source(self) -> str:
        """The name of the fact it begins with; empty for a fixed day and for today."""
        return self.base if isinstance(self.base, str) and self.base != TODAY else ""

    @property
    def is_fixed(self) -> bool:
        """Is it the same day whoever asks, and whenever?"""
        return isinstance(self.base, datetime.date)

    def day(self, facts: Mapping[str, object]) -> datetime.date | None:
        """The day, or None where the date it begins with has no answer.

        :param facts: known facts by name, today under :data:`TODAY`
        :raises ValueError: the rule begins with today, and nobody said which day that is
        """
        base = self.base if isinstance(self.base, datetime.date) else day_in(facts, self.base)
        if base is None and self.base == TODAY:
            raise ValueError(f'a date rule needs the day it is asked on: facts["{TODAY}"]')
        return None if base is None else self.day_from(base)

    def day_from(self, base: datetime.date) -> datetime.date:
        """The day, had it begun with ``base``."""
        for step in self.steps:
            base = self._taken(step, base)
        return base

    def _taken(self, step: Move | Snap, day: datetime.date) -> datetime.date:
        if isinstance(step, Move):
            if step.unit is Unit.WORKDAYS:
                return add_workdays(day, step.count, self.days_off)
            return _ADD[step.unit](day, step.count)
        if step is Snap.FIRST_OF_MONTH:
            return day.replace(day=1)
        if step is Snap.LAST_OF_MONTH:
            return day.replace(day=_days_in_month(day.year, day.month))
        direction = 1 if step is Snap.SAME_OR_NEXT_WORKDAY else -1
        return nearest_workday(day, direction, self.days_off)


def day_in(facts: Mapping[str, object], name: str) -> datetime.date | None:
    """The fact ``name`` as a date; None where it is empty or no date."""
    value = facts.get(name)
    return value if isinstance(value, datetime.date) else None


def add_days(day: datetime.date, count: int) -> datetime.date:
    """``count`` days after ``day``; before it where ``count`` is negative."""
    try:
        return day + datetime.timedelta(days=count)
    except OverflowError:
        return _edge(count)


def add_months(day: datetime.date, count: int) -> datetime.date:
    """The same day of the month ``count`` months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return _edge(count)
    return datetime.date(year, month + 1, min(day.day, _days_in_month(year, month + 1)))


def add_workdays(
    day: datetime.date, count: int, days_off: frozenset[DayOff] = frozenset()
) -> datetime.date:
    """The ``count``-th workday after ``day`` (before it where negative); ``day`` is not counted."""
    direction = 1 if count > 0 else -1
    for _ in range(abs(count)):
        day = nearest_workday(add_days(day, direction), direction, days_off)
    return day


def nearest_workday(
    day: datetime.date, direction: int, days_off: frozenset[DayOff] = frozenset()
) -> datetime.date:
    """``day`` if it is a workday, else the first one in ``direction`` (1 or -1)."""
    while not is_workday(day, days_off):
        following = add_days(day, direction)
        if following == day:
            break
        day = following
    return day


def whole_years(since: datetime.date, until: datetime.date) -> int:
    """How many years have passed: an age. Negative where ``until`` comes first.

    Who was born on 29 February is a year older on 1 March of other years, as in
    ``CprNumber.age_on``.
    """
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def empty_window(
    earliest: DateRule, latest: DateRule
) -> tuple[datetime.date, datetime.date] | None:
    """Days that the rules give at once, the earliest after the latest; None if there are none.

    It is known where both begin with a fixed day, or both with the same date:
    then each day of four years is tried, and with it every length of a month.
    Where they begin with different dates nothing is known.
    """
    bases: Iterable[tuple[datetime.date, datetime.date]] = ()
    if isinstance(earliest.base, datetime.date) and isinstance(latest.base, datetime.date):
        bases = ((earliest.base, latest.base),)
    elif earliest.base == latest.base:
        bases = ((day, day) for day in _days_tried())
    windows = ((earliest.day_from(one), latest.day_from(other)) for one, other in bases)
    return next((window for window in windows if window[0] > window[1]), None)


def _days_tried() -> Iterator[datetime.date]:
    """The days of four years, one of them a leap year."""
    first = datetime.date(2024, 1, 1)
    return (add_days(first, count) for count in range(4 * 365 + 1))


def _days_in_month(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _edge(direction: int) -> datetime.date:
    return datetime.date.max if direction > 0 else datetime.date.min


_ADD: Mapping[Unit, Callable[[datetime.date, int], datetime.date]] = {
    Unit.DAYS: add_days,
    Unit.WEEKS: lambda day, count: add_days(day, 7 * count),
    Unit.MONTHS: add_months,
    Unit.YEARS: lambda day, count: add_months(day, 12 * count),
}
