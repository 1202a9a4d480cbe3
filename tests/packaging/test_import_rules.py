"""The rules of who may import whom hold, and a planted violation turns them red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree / 'src' / 'plugins'}"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path):
    shutil.copy(ROOT / ".importlinter", tmp_path / ".importlinter")
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )
    return tmp_path


def test_the_tree_keeps_the_rules(tree):
    result = lint(tree)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        (
            "selvbetjening_core/values/planted.py",
            "import selvbetjening_core.web",
            "Imports run downwards",
        ),
        (
            "selvbetjening_core/store/planted.py",
            "import selvbetjening_core.delivery",
            "Imports run downwards",
        ),
        (
            "selvbetjening_core/definitions/planted.py",
            "import sqlalchemy",
            "Up to definitions nothing needs more than the base install",
        ),
        (
            "selvbetjening_core/journey/planted.py",
            "import pyramid.config",
            "Pyramid stays in web",
        ),
        (
            "selvbetjening_core/web/planted.py",
            "import sqlalchemy",
            "SQLAlchemy and Alembic stay in store",
        ),
        (
            "plugins/selvbetjening_folder/planted.py",
            "import selvbetjening_core.journey",
            "A plugin imports the core's public modules alone",
        ),
        (
            "plugins/selvbetjening_folder/planted.py",
            "import selvbetjening_mail",
            "No plugin imports another",
        ),
    ],
)
def test_a_planted_violation_is_found(tree, module, line, broken):
    (tree / "src" / module).write_text(f"{line}\n", encoding="utf-8")
    result = lint(tree)
    assert result.returncode != 0
    assert f"{broken} BROKEN" in result.stdout


def test_a_subpackage_without_a_layer_is_found(tree):
    (tree / "src/selvbetjening_core/planted").mkdir()
    (tree / "src/selvbetjening_core/planted/__init__.py").write_text("", encoding="utf-8")
    result = lint(tree)
    assert result.returncode != 0
    assert "planted" in result.stdout
