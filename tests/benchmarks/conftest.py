"""The figures of a whole run of the benchmarks, and where they are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from composing.evidence import write_evidence
from composing.measure import FULL, QUICK

EVERYTHING = os.environ.get("SELVBETJENING_BENCH") == "composition"
WHOLE_RUN = ("tests/benchmarks",)
FIGURES = pytest.StashKey[dict[str, object]]()


def pytest_sessionfinish(session, exitstatus):
    """A whole run in which every bound was kept leaves its figures in the documentation."""
    whole = EVERYTHING and session.config.invocation_params.args == WHOLE_RUN
    figures = session.config.stash.get(FIGURES, None)
    if whole and figures and exitstatus == pytest.ExitCode.OK:
        write_evidence({**figures, "tests": session.testscollected})


@pytest.fixture(scope="session")
def extent():
    """How often everything is measured, and how much patience a busy machine gets."""
    return FULL if EVERYTHING else QUICK


@pytest.fixture(scope="session")
def figures(request):
    """What was measured, by name."""
    return request.config.stash.setdefault(FIGURES, {})
