"""The suite ``receivers``, once with each of its receivers; see ``receivers.py``."""

from __future__ import annotations

import pytest
import receivers
from receivers_world import make_plugins
from suite import Options


def test_whatever_receivers_do_nothing_is_lost_doubled_or_forgotten():
    result = receivers.run(Options(small=True))
    assert result.missed == []
    assert result.figures["faulty receivers"] >= 14


@pytest.fixture(scope="module")
def plugins(tmp_path_factory):
    return lambda: make_plugins(tmp_path_factory.mktemp("made") / "plugins")


@pytest.mark.parametrize("fault", receivers.FAULTS)
def test_every_fault_can_be_planted(fault, plugins):
    planted = receivers.FAULTS[fault]
    planted.patch(plugins())
    with planted.planted():
        assert planted.told
