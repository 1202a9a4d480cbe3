"""The matrix of routes and actors, in a run of seconds; and that it can be red."""

from __future__ import annotations

import contextlib

import pytest
import security_authz as authz
import suite
import ways


@pytest.mark.parametrize("way", [contextlib.nullcontext, ways.by_router_alone])
def test_nobody_gets_at_what_is_anothers(way):
    with way():
        result = authz.run(suite.Options(small=True))
    assert result.missed == []
    assert result.figures["routes"] > 40
    assert result.figures["succeeded that should not"] == 0


def test_it_notices_a_receipt_that_anybody_may_load():
    found = suite.missed(authz.run, suite.Options(small=True, fault="case-of-anybody"))
    assert "GET receipt by another citizen" in found[0]
    assert any("guest-receipt without login by another guest" in one for one in found)
