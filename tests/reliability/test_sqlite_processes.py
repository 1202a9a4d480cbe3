"""With small counts. The bound is generous, since other tests run beside it."""

from __future__ import annotations

import sqlite_processes

GENEROUS_MS = 1500


def test_several_processes_share_a_file():
    measured = sqlite_processes.measure(processes=2, threads=2, seconds=1.5)
    assert measured.turned_away == 0
    assert max(measured.milliseconds) < GENEROUS_MS


def test_who_holds_the_file_for_long_would_be_seen():
    """Control."""
    measured = sqlite_processes.measure(processes=2, threads=2, seconds=4, fault="hog")
    assert max(measured.milliseconds) > GENEROUS_MS
