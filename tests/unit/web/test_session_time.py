"""How long a login lasts, at the edges."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.journey.session_limits import USUAL_LIMITS
from selvbetjening_core.texts.formats import clock_time
from selvbetjening_core.values import AssuranceLevel, CprNumber, Identity
from selvbetjening_core.web.session_time import WARN_SECONDS, seconds_left
from selvbetjening_core.web.sessions import can_prolong

BEGIN = datetime.datetime(2026, 11, 22, 8, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


def session(end):
    identity = Identity(
        CprNumber("2911829996"), "N", AssuranceLevel.SUBSTANTIAL, "issuer", "login", BEGIN
    )
    return WebSession("hash", "token", identity, created_at=BEGIN, expires_at=BEGIN + end)


@pytest.mark.parametrize(
    ("end", "can"),
    [
        (USUAL_LIMITS.idle, True),
        (USUAL_LIMITS.longest - USUAL_LIMITS.idle, True),
        (USUAL_LIMITS.longest - 2 * MINUTE, True),
        (USUAL_LIMITS.longest - MINUTE, False),
        (USUAL_LIMITS.longest, False),
    ],
)
def test_a_login_is_prolonged_up_to_the_longest_there_is(end, can):
    assert can_prolong(session(end)) is can


def test_whole_seconds_and_never_less_than_none():
    one = session(USUAL_LIMITS.idle)
    assert seconds_left(one, BEGIN) == 1800
    assert seconds_left(one, BEGIN + datetime.timedelta(microseconds=1)) == 1799
    assert seconds_left(one, BEGIN + USUAL_LIMITS.idle + MINUTE) == 0


def test_the_warning_is_long_enough_and_comes_before_the_end():
    """At least 20 seconds (WCAG 2.2.1), about five minutes (the national design system)."""
    assert 20 <= WARN_SECONDS == 300 < USUAL_LIMITS.idle.total_seconds()


def test_the_time_is_danish_and_without_a_zone_an_error():
    assert clock_time(BEGIN + MINUTE, "da") == "09.01"
    assert clock_time(BEGIN + MINUTE, "en") == "09:01"
    with pytest.raises(ValueError, match="time zone"):
        clock_time(BEGIN.replace(tzinfo=None), "da")
