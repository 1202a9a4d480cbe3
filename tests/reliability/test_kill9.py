"""The suite ``kill9`` in small: seconds, in plain tox. The whole of it: ``tox run -e kill9``."""

from __future__ import annotations

import kill9
import pytest
import strace
import suite
from suite import Options

SMALL = Options(small=True)


def test_nothing_is_lost_or_doubled_by_kills():
    tally = kill9.Tally()
    kill9._kills(SMALL, tally)
    assert tally.missed == []
    assert tally.figures["accepted"] > 0
    assert tally.figures["kills at named steps"] > 20


@pytest.mark.skipif(not strace.is_there(), reason="processes cannot be traced here (strace)")
def test_commits_are_synced_and_told_honestly():
    tally = kill9.Tally()
    kill9._commits(SMALL, tally)
    assert tally.missed == []
    assert tally.figures["commits that ended in an error, told so"] == 4


@pytest.mark.parametrize("fault", ["lost-row", "row-after-commit"])
def test_that_it_can_fail(fault):
    assert suite.missed(kill9.run, Options(small=True, fault=fault))
