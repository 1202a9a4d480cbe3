from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import selvbetjening_demo

DEMO = Path(selvbetjening_demo.__file__).parent / "installation"

# As in setup.cfg, which says why.
WARNINGS = (
    "-Werror",
    "-Wignore:pkg_resources is deprecated as an API:UserWarning",
    "-Wignore:Deprecated call to:DeprecationWarning",
    "-Wignore:'cgi' is deprecated:DeprecationWarning",
    # waitress leaves a socket open where it cannot listen; the process ends there.
    "-Wignore:unclosed file:ResourceWarning",
)


@pytest.fixture
def demo():
    return DEMO


@pytest.fixture
def run(tmp_path):
    """Run the command in a process of its own, in an empty folder."""

    def run(*arguments, program=None, cwd=tmp_path, stdin=None, **environment):
        start = ["-c", program] if program else ["-m", "selvbetjening_core.cli"]
        env = {key: value for key, value in os.environ.items() if key != "SELVBETJENING_CONFIG"}
        return subprocess.run(
            [sys.executable, *WARNINGS, *start, *arguments],
            cwd=cwd,
            env={**env, "PYTHONIOENCODING": "utf-8", **environment},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=False,
        )

    return run
