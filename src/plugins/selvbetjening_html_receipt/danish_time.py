"""Times and amounts as people here write them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

from selvbetjening_core.values import Money

_ZONE = ZoneInfo("Europe/Copenhagen")
_PATTERNS = {"da": "d. MMMM y 'kl.' HH.mm", "en": "d MMMM y 'at' HH:mm"}


def in_words(moment: datetime.datetime, locale: str) -> str:
    """``22. november 2026 kl. 14.05``, in Danish time."""
    return format_datetime(moment, _PATTERNS[locale], tzinfo=_ZONE, locale=locale)


def in_iso(moment: datetime.datetime) -> str:
    """``2026-11-22T14:05:00+01:00``: Danish time, and how far it is from UTC."""
    return moment.astimezone(_ZONE).isoformat(timespec="seconds")


def amount(money: Money, locale: str) -> str:
    """``225,00 kr.``; in English, and in other currencies, ``DKK 225.00``."""
    number = format_decimal(Decimal(money.ore) / 100, "#,##0.00", locale=locale)
    if locale == "da" and money.currency == "DKK":
        return f"{number} kr."
    return f"{money.currency} {number}"
