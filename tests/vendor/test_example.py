"""A foreign distribution beside ours: built, installed, proven, and used in an installation."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from workplace import EXAMPLE, ROOT, WANTED

import selvbetjening_demo

PUBLIC = {"hooks", "interfaces", "values", "errors", "receipts", "testing"}
DEMO = Path(selvbetjening_demo.__file__).parent / "installation"


def imported_parts(folder):
    """Which parts of the core the modules in ``folder`` import."""
    found = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            found |= {n.partition(".")[2] for n in names if n.startswith("selvbetjening_")}
    return {name.partition(".")[0] for name in found}


def test_it_imports_the_public_modules_alone():
    assert imported_parts(EXAMPLE) <= PUBLIC


def test_an_import_of_anything_else_is_found(tmp_path):
    (tmp_path / "bad.py").write_text("import selvbetjening_core.store.engine\n")
    assert imported_parts(tmp_path) - PUBLIC == {"store"}


def test_in_its_own_environment_the_tree_is_not_on_the_path():
    if os.environ.get(WANTED) != "all":
        pytest.skip("only where our own wheel is installed: tox run -e vendor")
    found = importlib.util.find_spec("selvbetjening_core")
    assert not Path(found.origin).is_relative_to(ROOT / "src")
    assert "PYTHONPATH" not in os.environ


def test_its_wheel_holds_all_of_it(example):
    (wheel,) = (example.folder / "wheels").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == {
        f"nordlys_parking/{file.name}"
        for file in (EXAMPLE / "nordlys_parking").iterdir()
        if file.is_file()
    }


def test_its_own_tests_pass(example):
    done = example.pytest(example.folder / "nordlys-parking")
    assert done.returncode == 0, done.stdout
    assert " failed" not in done.stdout


def test_it_conforms(example):
    page = example.folder / "report.html"
    done = example.selvbetjening("conformance", "nordlys-parking", "--page", str(page))
    assert done.returncode == 0, done.stdout
    assert "nordlys_parking 2.3.0 (nordlys-parking)" in done.stdout
    assert "IDelivery 0.1" in done.stdout
    assert "nordlys_parking" in page.read_text(encoding="utf-8")


@pytest.fixture
def installation(tmp_path):
    """The demo's installation, with Morsø's journal at Nordlys."""
    folder = tmp_path / "installation"
    shutil.copytree(DEMO, folder)
    replace(folder / "plugin_sets/standard.toml", '"mail",', '"mail",\n    "nordlys_parking",')
    mors = folder / "municipalities/0773.toml"
    replace(
        mors,
        'plugin = "folder"\npath   = "var/journal-0773"',
        'plugin   = "nordlys_parking"\nurl      = "http://127.0.0.1:1"\n'
        'password = "env:NORDLYS_PASSWORD"\nzone     = "Midtbyen"',
    )
    return folder


def replace(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, file
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_installation_that_uses_it_is_right(example, installation):
    done = example.selvbetjening("check", "--config", str(installation))
    assert done.returncode == 0, done.stdout
    assert "0 errors" in done.stdout


def test_a_setting_it_does_not_know_is_told_in_its_words(example, installation):
    replace(installation / "municipalities/0773.toml", "zone     =", "zoen     =")
    done = example.selvbetjening("check", "--config", str(installation))
    assert done.returncode == 1
    assert 'did you mean "zone"' in done.stdout
    assert "Traceback" not in done.stdout


def test_the_installation_lists_it_with_its_settings(example, installation):
    done = example.selvbetjening("plugins", "--config", str(installation))
    assert done.returncode == 0, done.stdout
    assert "nordlys_parking 2.3.0" in done.stdout
    assert "zone (text, required): The parking zone that permits are for." in done.stdout


def test_why_names_it_with_file_and_line(example, installation):
    done = example.selvbetjening(
        "why",
        "case_system",
        "--municipality",
        "0773",
        "--solution",
        "sundhedskort",
        "--config",
        str(installation),
    )
    assert done.returncode == 0, done.stdout
    assert "nordlys_parking 2.3.0" in done.stdout
    assert "nordlys_parking/plugin.py:" in done.stdout.replace(os.sep, "/")


def test_its_command_is_there(example, installation):
    done = example.selvbetjening(
        "plugin", "--config", str(installation), "nordlys_parking", "zones"
    )
    assert done.returncode == 1
    assert "set status_url under [plugin.nordlys_parking]" in done.stdout
