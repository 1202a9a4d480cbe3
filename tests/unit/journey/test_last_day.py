"""The last day that a citizen is told is one on which the draft is still there, to its end."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from selvbetjening_core.definitions.model import Retention
from selvbetjening_core.journey.drafts import last_day
from selvbetjening_core.texts.formats import DANISH_TIME

BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
MOMENTS = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: BEGIN + datetime.timedelta(minutes=minutes)
)


def told(updated_at, days):
    draft = SimpleNamespace(updated_at=updated_at)
    return last_day(draft, SimpleNamespace(retention=Retention(days, 90)))


def danish(year, month, day, hour, minute=0):
    return datetime.datetime(year, month, day, hour, minute, tzinfo=DANISH_TIME)


@given(MOMENTS, st.integers(1, 400))
# The day that is told has 25 hours.
@example(danish(2026, 9, 25, 0, 30), 30)
def test_it_is_kept_to_the_end_of_the_day_and_no_day_is_left_out(updated_at, days):
    may_go = updated_at + datetime.timedelta(days=days)
    end = datetime.datetime.combine(
        told(updated_at, days) + datetime.timedelta(days=1), datetime.time(), DANISH_TIME
    )
    # Between two moments of one zone Python counts the hours that clocks show.
    left = may_go - end.astimezone(datetime.UTC)
    assert datetime.timedelta(0) <= left < datetime.timedelta(hours=25)


@pytest.mark.parametrize(
    ("updated_at", "days", "last"),
    [
        (danish(2026, 11, 23, 14), 30, datetime.date(2026, 12, 22)),
        (danish(2026, 11, 23, 14), 1, datetime.date(2026, 11, 23)),
        (danish(2026, 11, 23, 0), 1, datetime.date(2026, 11, 23)),
    ],
)
def test_in_figures(updated_at, days, last):
    assert told(updated_at, days) == last
