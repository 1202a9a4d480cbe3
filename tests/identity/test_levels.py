"""Levels by action, through the running application; and that each fault is seen."""

from __future__ import annotations

import levels
import pytest
import suite


def test_nothing_is_done_below_its_level():
    result = levels.run(suite.Options(small=True))
    assert result.missed == []
    assert result.figures["attempts"] > 90


@pytest.mark.parametrize("fault", levels.FAULTS)
def test_each_fault_is_found(fault):
    assert suite.missed(levels.run, suite.Options(small=True, fault=fault))
