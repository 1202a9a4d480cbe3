"""Dates, times and amounts as people write them in each language."""

from __future__ import annotations

import datetime
import functools
import zoneinfo
from decimal import Decimal

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal

from selvbetjening_core.texts import texts_for
from selvbetjening_core.values import Money

DANISH_TIME = zoneinfo.ZoneInfo("Europe/Copenhagen")

# Every page tells when the login ends, and the next page of a citizen tells the same.
_MOST_CLOCK_TIMES = 1000
_CLDR = {"da": "da_DK", "en": "en_GB"}
_TIMES = {"da": "d. MMMM y 'kl.' HH.mm", "en": "d MMMM y 'at' HH:mm"}
_CLOCK = {"da": "%H.%M", "en": "%H:%M"}
_SHORT = {"da": "d. MMM y 'kl.' HH.mm", "en": "d MMM y 'at' HH:mm"}
_DAYS = {"da": "d. MMMM y", "en": "d MMMM y"}


def long_time(moment: datetime.datetime, locale: str) -> str:
    """A moment in Danish time: ``22. november 2026 kl. 14.05``.

    :raises ValueError: the moment has no time zone
    """
    return format_datetime(_local(moment), _TIMES[locale], locale=_CLDR[locale])


def short_time(moment: datetime.datetime, locale: str) -> str:
    """A moment in Danish time, for tables: ``22. nov. 2026 kl. 14.05``.

    :raises ValueError: the moment has no time zone
    """
    return format_datetime(_local(moment), _SHORT[locale], locale=_CLDR[locale])


def age(span: datetime.timedelta, locale: str) -> str:
    """How long, in one unit: ``3 dage``; up to two days in hours."""
    least = max(span, datetime.timedelta(minutes=1))
    return format_timedelta(least, granularity="minute", threshold=2, locale=_CLDR[locale])


@functools.lru_cache(_MOST_CLOCK_TIMES)
def clock_time(moment: datetime.datetime, locale: str) -> str:
    """The time of day in Denmark: ``14.05``.

    :raises ValueError: the moment has no time zone
    """
    return _local(moment).strftime(_CLOCK[locale])


def day(date: datetime.date, locale: str) -> str:
    """A date: ``22. november 2026``."""
    return format_date(date, _DAYS[locale], locale=_CLDR[locale])


def local_day(moment: datetime.datetime, locale: str) -> str:
    """The date in Denmark at ``moment``.

    :raises ValueError: the moment has no time zone
    """
    return day(_local(moment).date(), locale)


def amount(money: Money, locale: str) -> str:
    """An amount: ``225,00 kr.``; nothing to pay is ``Gratis``."""
    if money.ore == 0:
        return texts_for(locale).t("amount.free")
    number = format_decimal(Decimal(money.ore) / 100, "#,##0.00", locale=_CLDR[locale])
    if locale == "da" and money.currency == "DKK":
        return f"{number} kr."
    return f"{money.currency} {number}"


def file_size(size: int, locale: str) -> str:
    """How large a file is: ``340 kB``, ``1,2 MB``. A started kilobyte counts."""
    if size < 1_000_000:
        return f"{-(-size // 1000)} kB"
    return f"{format_decimal(Decimal(size) / 1_000_000, '#,##0.#', locale=_CLDR[locale])} MB"


def kroner(ore: int, locale: str) -> str:
    """An amount that somebody wrote, 0 and less among them: ``-1.250,50 kr.``."""
    number = format_decimal(Decimal(ore) / 100, "#,##0.00", locale=_CLDR[locale])
    return f"{number} kr."


def time_of_day(time: str, locale: str) -> str:
    """A time of day given as ISO text, ``14:30``: in Danish ``14.30``."""
    return datetime.time.fromisoformat(time).strftime(_CLOCK[locale])


def _local(moment: datetime.datetime) -> datetime.datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(DANISH_TIME)
