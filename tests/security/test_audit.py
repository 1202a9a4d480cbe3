"""The item ``audit`` in small, in plain tox. The whole of it: ``tox run -e security -- audit``."""

from __future__ import annotations

import pytest
import security_audit
import suite


def test_every_falsification_is_found():
    result = security_audit.run(suite.Options(small=True))
    assert result.missed == []
    assert result.figures["tamperings"] >= 120


@pytest.mark.parametrize("fault", ["head-not-compared"])
def test_the_item_notices_a_fault(fault):
    """Control."""
    result = security_audit.run(suite.Options(small=True, fault=fault))
    assert any("truncate" in one for one in result.missed)
