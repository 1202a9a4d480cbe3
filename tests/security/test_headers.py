"""The item ``headers`` in small, and some of its planted faults; the rest: ``--self-test``."""

from __future__ import annotations

import contextlib

import pytest
import security_headers
import suite
import ways

SMALL = suite.Options(small=True)


@pytest.mark.parametrize("way", [contextlib.nullcontext, ways.by_router_alone])
def test_every_answer_carries_its_headers(way):
    with way():
        result = security_headers.run(SMALL)
    assert result.missed == []
    assert result.figures["with something missing"] == 0


@pytest.mark.parametrize("fault", ["none-on-errors", "cookie-in-frame"])
def test_a_planted_fault_is_found(fault):
    assert suite.missed(security_headers.run, suite.Options(small=True, fault=fault))
