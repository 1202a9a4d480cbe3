"""A workplace for each test, and whether all is to be run."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from workplace import EXAMPLE, WANTED, Workplace

IGNORED = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")


@pytest.fixture
def workplace(tmp_path):
    return Workplace(tmp_path)


@pytest.fixture
def everything():
    """Left out unless the environment asks for everything: ``tox run -e vendor``."""
    if os.environ.get(WANTED) != "all":
        pytest.skip("all kinds of skeletons, and types: tox run -e vendor")


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """The foreign distribution installed in a workplace, and its sources beside it."""
    place = Workplace(tmp_path_factory.mktemp("example"))
    project = place.folder / "nordlys-parking"
    shutil.copytree(EXAMPLE, project, ignore=IGNORED)
    place.install(project)
    # What is tested is what the wheel holds.
    shutil.rmtree(project / "nordlys_parking")
    shutil.rmtree(project / "build", ignore_errors=True)
    return place
