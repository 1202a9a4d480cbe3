"""The item rotate in a run of seconds, and one of its planted faults."""

from __future__ import annotations

import pytest
import security_rotate
import suite


def test_a_key_changes_under_load_and_nothing_is_lost():
    result = security_rotate.run(suite.Options(small=True))
    assert result.missed == []
    assert result.figures["kills of the command"] == 1
    assert result.figures["values opened without the old keys"] > 1000


@pytest.mark.parametrize("fault", ["table-forgotten"])
def test_a_planted_fault_is_found(fault):
    assert suite.missed(security_rotate.run, suite.Options(small=True, fault=fault))
