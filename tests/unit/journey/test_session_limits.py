"""The table of limits: whole, in the right order, and told where it is documented."""

from __future__ import annotations

import datetime
import itertools
import re
from pathlib import Path

from selvbetjening_core.journey.session_limits import CITIZEN_LIMITS, STAFF_LIMITS, SessionLimits
from selvbetjening_core.values import AssuranceLevel

PAGE = Path(__file__).parents[3] / "docs/explanation/security.md"
BEGIN = datetime.datetime(2026, 11, 22, 8, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


def test_every_level_has_limits_and_the_surer_never_the_longer():
    assert set(CITIZEN_LIMITS) == set(AssuranceLevel)
    in_order = [CITIZEN_LIMITS[level] for level in sorted(AssuranceLevel)]
    for weaker, surer in itertools.pairwise(in_order):
        assert surer.idle <= weaker.idle
        assert surer.longest <= weaker.longest
    assert in_order[-1].longest < in_order[0].longest


def test_a_login_ends_without_use_or_at_the_latest():
    limits = SessionLimits(idle=10 * MINUTE, longest=60 * MINUTE)
    assert limits.end(BEGIN, BEGIN) == BEGIN + 10 * MINUTE
    assert limits.end(BEGIN, BEGIN + 49 * MINUTE) == BEGIN + 59 * MINUTE
    assert limits.end(BEGIN, BEGIN + 55 * MINUTE) == BEGIN + 60 * MINUTE


def test_the_page_about_security_tells_the_table():
    row = r"^\| (low|substantial|high|staff) \| (.+) \|$"
    told = dict(re.findall(row, PAGE.read_text("utf-8"), re.MULTILINE))
    rows = {level.name.lower(): limits for level, limits in CITIZEN_LIMITS.items()}
    rows["staff"] = STAFF_LIMITS
    assert told == {
        name: f"{limits.idle_minutes} minutes | {_hours(limits.longest)}"
        for name, limits in rows.items()
    }


def _hours(longest):
    count = int(longest.total_seconds()) // 3600
    return f"{count} hour{'' if count == 1 else 's'}"
