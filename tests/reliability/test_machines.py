"""The suite ``machines`` with small counts, without network namespaces; see ``machines.py``."""

from __future__ import annotations

import machines
import machines_faults
import pytest
from suite import Options


def test_a_worker_and_all_jobs_are_lost_and_no_delivery_is():
    assert machines.run(Options(small=True)).missed == []


@pytest.mark.parametrize("fault", machines.FAULTS)
def test_every_fault_can_be_planted(fault):
    assert callable(getattr(machines_faults, fault.replace("-", "_")))
