"""What a process need not import before it has served its first page: that is its start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NOT_NEEDED = ("alembic", "mako", "pygments", "sqlalchemy.orm", "psycopg")
"""For changing tables, and for PostgreSQL."""
_PATH = [str(Path(__file__).parents[1] / "benchmarks"), str(Path(__file__).parents[1])]
_SHOWN = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from answering import ours
stack = ours.stack(Path(sys.argv[1]))
{planted}
assert stack.get().status == 200
print(*sys.modules, sep="\\n")
stack.close()
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An installation whose tables are as they should be: it has been started before."""
    sys.path[:0] = _PATH
    try:
        from answering import ours  # noqa: PLC0415 - of the benchmarks
    finally:
        del sys.path[: len(_PATH)]
    file = ours.installation(tmp_path_factory.mktemp("served"))
    _imported(file)
    return file


def _imported(file, planted=""):
    program = [sys.executable, "-W", "ignore", "-c", _SHOWN.format(planted=planted)]
    done = subprocess.run(
        [*program, str(file), *_PATH],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return set(done.stdout.split())


def test_the_first_page_needs_none_of_them(served):
    assert _imported(served).isdisjoint(NOT_NEEDED)


@pytest.mark.parametrize("name", ["alembic", "sqlalchemy.orm"])
def test_one_that_is_imported_all_the_same_would_be_seen(served, name):
    assert name in _imported(served, planted=f"import {name}")
