"""The built wheel holds what the tree holds: a forgotten package vanishes silently."""

from __future__ import annotations

import configparser
import email
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOTS = (Path("src"), Path("src/plugins"))
LEFT_OUT = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def files_of_the_tree(tree: Path) -> set[str]:
    """Every file under src that is not ignored, by its name in a wheel."""
    found = set()
    for path in (tree / "src").rglob("*"):
        parts = path.relative_to(tree / "src").parts
        if path.is_dir() or LEFT_OUT & set(parts) or path.suffix == ".pyc":
            continue
        found.add("/".join(parts[1:] if parts[0] == "plugins" else parts))
    return found


def files_of_the_wheel(wheel: Path) -> set[str]:
    """Every file in the wheel but its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def metadata_of(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def copy_tree(target: Path) -> Path:
    """The files a build needs, without anything earlier builds have left."""
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, target / name)
    shutil.copytree(ROOT / "src", target / "src", ignore=shutil.ignore_patterns(*LEFT_OUT))
    return target


def build(tree: Path) -> Path:
    """A wheel of ``tree``, made with the setuptools of this environment."""
    out = tree / "dist"
    command = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    result = subprocess.run(
        [sys.executable, "-c", command, str(out)],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    assert result.returncode == 0, result.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(copy_tree(tmp_path_factory.mktemp("tree")))


def test_wheel_and_tree_hold_the_same_files(wheel):
    in_tree, in_wheel = files_of_the_tree(ROOT), files_of_the_wheel(wheel)
    assert sorted(in_tree - in_wheel) == [], "in the tree, missing from the wheel"
    assert sorted(in_wheel - in_tree) == [], "in the wheel, not in the tree"


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("    selvbetjening_core.values\n", "selvbetjening_core/values/cpr.py"),
        ("    **/*.toml\n", "selvbetjening_core/composition/kommunekoder.toml"),
    ],
)
def test_what_setup_cfg_forgets_is_noticed(tmp_path, line, missing):
    tree = copy_tree(tmp_path)
    setup = (tree / "setup.cfg").read_text(encoding="utf-8")
    assert setup.count(line) == 1
    (tree / "setup.cfg").write_text(setup.replace(line, ""), encoding="utf-8")
    assert missing in files_of_the_tree(tree) - files_of_the_wheel(build(tree))


def test_version_is_the_same_everywhere(wheel):
    code = "import selvbetjening_core; print(selvbetjening_core.__version__)"
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    version = result.stdout.strip()
    assert metadata_of(wheel)["Version"] == version
    assert f"[{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_metadata_tells_what_is_needed(wheel):
    metadata = metadata_of(wheel)
    assert metadata["Name"] == "selvbetjening"
    assert metadata["Requires-Python"] == ">=3.11"
    assert {"web", "store", "demo", "all"} <= set(metadata.get_all("Provides-Extra", []))
    base = {
        requirement.split(">")[0].strip()
        for requirement in metadata.get_all("Requires-Dist", [])
        if "extra ==" not in requirement
    }
    assert base == {
        "babel",
        "click",
        "colander",
        "jinja2",
        "packaging",
        "pluggy",
        "translationstring",
        "tree-sitter",
        "tree-sitter-toml",
        "tzdata",
        "zope.interface",
    }


def test_every_entry_point_leads_to_a_file_in_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        points = configparser.ConfigParser()
        name = next(name for name in names if name.endswith("entry_points.txt"))
        points.read_string(archive.read(name).decode())
    assert points["selvbetjening.plugins"]
    for group in points.sections():
        for name, target in points[group].items():
            module = target.split(":")[0].replace(".", "/")
            assert {f"{module}.py", f"{module}/__init__.py"} & names, f"{name} = {target}"
