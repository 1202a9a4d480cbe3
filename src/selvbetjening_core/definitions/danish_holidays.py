"""Danish holidays and workdays.

The holidays are those of the national church (*helligdage*) and New Year's Day.
Great Prayer Day (*store bededag*) was one until and including 2023; law no. 214
of 6 March 2023 abolished it from 2024. Further days on which an administration
keeps closed are holidays by agreement, not by law: they count only where a
solution declares them (:class:`DayOff`).
"""

from __future__ import annotations

import datetime
import enum
import functools

LAST_GREAT_PRAYER_DAY = 2023
_SATURDAY = 5
# Days after Easter Sunday: Maundy Thursday, Good Friday, Easter, Easter Monday,
# Ascension Day, Whit Sunday and Whit Monday.
_AROUND_EASTER = (-3, -2, 0, 1, 39, 49, 50)
_GREAT_PRAYER_DAY = 26
# New Year's Day, Christmas Day and Boxing Day.
_FIXED = ((1, 1), (12, 25), (12, 26))


class DayOff(enum.StrEnum):
    """A day that is no holiday by law, and on which an administration may keep closed."""

    MAY_DAY = "may_day"
    """1 May."""
    CONSTITUTION_DAY = "constitution_day"
    """5 June, *grundlovsdag*."""
    CHRISTMAS_EVE = "christmas_eve"
    """24 December."""
    NEW_YEARS_EVE = "new_years_eve"
    """31 December."""

    def falls_on(self, day: datetime.date) -> bool:
        """Is ``day`` this day of its year?"""
        return (day.month, day.day) == _DAYS_OFF[self]


_DAYS_OFF = {
    DayOff.MAY_DAY: (5, 1),
    DayOff.CONSTITUTION_DAY: (6, 5),
    DayOff.CHRISTMAS_EVE: (12, 24),
    DayOff.NEW_YEARS_EVE: (12, 31),
}


def easter_sunday(year: int) -> datetime.date:
    """Easter Sunday of a year of the Gregorian calendar.

    The anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8).
    """
    century, of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * (year % 19) + century - leap_centuries - moon_correction + 15) % 30
    leaps, leap_rest = divmod(of_century, 4)
    to_sunday = (32 + 2 * century_rest + 2 * leaps - epact - leap_rest) % 7
    late = (year % 19 + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return datetime.date(year, month, day + 1)


@functools.lru_cache(maxsize=512)
def holidays(year: int) -> frozenset[datetime.date]:
    """The holidays of ``year``."""
    easter = easter_sunday(year)
    offsets = list(_AROUND_EASTER)
    if year <= LAST_GREAT_PRAYER_DAY:
        offsets.append(_GREAT_PRAYER_DAY)
    moving = (easter + datetime.timedelta(days=offset) for offset in offsets)
    fixed = (datetime.date(year, month, day) for month, day in _FIXED)
    return frozenset((*moving, *fixed))


def is_workday(day: datetime.date, days_off: frozenset[DayOff] = frozenset()) -> bool:
    """Is ``day`` neither Saturday, Sunday, a holiday, nor one of ``days_off``?"""
    if day.weekday() >= _SATURDAY or day in holidays(day.year):
        return False
    return not any(one.falls_on(day) for one in days_off)
