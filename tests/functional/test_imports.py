"""What a process need not import before it has served its first page: that is its start."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

NOT_NEEDED = (
    # For changing tables.
    "alembic",
    "mako",
    "pygments",
    "sqlalchemy.orm",
    # For PostgreSQL, and the receiver that is reached by SFTP.
    "psycopg",
    "sqlalchemy.dialects.postgresql",
    "asyncssh",
    # For the first receipt and the first mail.
    "typst",
    "email.policy",
    # For commands, tests and those who embed.
    "selvbetjening_core.cli",
    "selvbetjening_core.embedding",
    "selvbetjening_core.owner_tests",
    "selvbetjening_core.supply",
    "selvbetjening_core.testing",
    # Of the benchmark, which would count them as ours.
    "bs4",
    "lxml",
)
"""What each is for, which is not the first page."""
_A_PARTIAL_INDEX_FOR_POSTGRESQL = """
import sqlalchemy as sa
one = sa.Column("one", sa.Integer)
sa.Table("planted", sa.MetaData(), one, sa.Index("i", "one", postgresql_where=one.is_(None)))
"""
_PATH = [str(Path(__file__).parents[1] / "benchmarks"), str(Path(__file__).parents[1])]
_SHOWN = """
import sys
from importlib.util import find_spec
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


@pytest.mark.parametrize("name", NOT_NEEDED)
def test_each_of_them_is_there_to_be_imported(name):
    """A name that is misspelt, or of something that is gone, would hold nothing."""
    assert find_spec(name) is not None


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("alembic", "import alembic"),
        ("sqlalchemy.orm", "import sqlalchemy.orm"),
        ("typst", "from selvbetjening_pdf_receipt.typesetter import _typst; _typst()"),
        ("email.policy", "from selvbetjening_mail.letter import empty_mail; empty_mail()"),
        ("sqlalchemy.dialects.postgresql", _A_PARTIAL_INDEX_FOR_POSTGRESQL),
        ("bs4", "stack.form()"),
    ],
)
def test_one_that_is_imported_all_the_same_would_be_seen(served, name, planted):
    assert name in _imported(served, planted=planted)
