"""Item ``tenants``, small; and one of its faults, so that it can turn red."""

from __future__ import annotations

import security_tenants
import suite


def test_nothing_crosses():
    result = security_tenants.run(suite.Options(small=True))
    assert result.missed == []
    assert result.figures["attempts"] >= 40
    assert result.figures["attempts at row-level security alone"] >= 40


def test_a_table_without_its_policy_is_found():
    result = security_tenants.run(suite.Options(small=True, fault="policy-dropped"))
    assert any("delivery" in one for one in result.missed)
