"""The item ``csrf_session``, small; and that it finds faults that were planted."""

from __future__ import annotations

import contextlib

import pytest
import security_csrf_session
import suite
import ways


@pytest.mark.parametrize("way", [contextlib.nullcontext, ways.by_router_alone])
def test_no_forged_request_is_accepted_and_a_login_is_its_owners_alone(way):
    with way():
        result = security_csrf_session.run(suite.Options(small=True))
    assert result.missed == []
    assert result.figures["accepted"] == 0
    assert result.figures["attempts"] > 300


@pytest.mark.parametrize(
    "fault", ["token_not_checked", "session_lives_after_logout", "code_keeps_session"]
)
def test_a_planted_fault_is_found(fault):
    assert suite.missed(security_csrf_session.run, suite.Options(small=True, fault=fault))
