"""``selvbetjening new-plugin``: what it makes, and what it says instead of making it."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from selvbetjening_core import __version__
from selvbetjening_core.cli import skeletons
from selvbetjening_core.cli.skeletons import Names, make
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.themes.plain import PLAIN

ROOT = Path(__file__).resolve().parents[3]
KINDS = tuple(skeletons.skeletons())
PUBLIC = ("hooks", "interfaces", "values", "errors", "receipts", "testing")


def files_in(folder):
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def assert_nothing_made(done, folder):
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []


def test_it_makes_a_distribution_and_says_what_next(run, tmp_path):
    done = run("new-plugin", "payment", "nordlys_pay", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "pip install -e './nordlys-pay-payment[test]'" in done.stdout
    assert "selvbetjening conformance nordlys-pay-payment" in done.stdout
    made = tmp_path / "nordlys-pay-payment"
    assert list(tmp_path.iterdir()) == [made]
    assert files_in(made) == [
        "README.md",
        "nordlys_pay_payment/__init__.py",
        "nordlys_pay_payment/conformance.py",
        "nordlys_pay_payment/counterpart.py",
        "nordlys_pay_payment/plugin.py",
        "nordlys_pay_payment/provider.py",
        "nordlys_pay_payment/py.typed",
        "nordlys_pay_payment/settlements.py",
        "nordlys_pay_payment/wire.py",
        "pyproject.toml",
        "tests/test_conformance.py",
    ]


def test_every_kind_the_issue_names_can_be_made():
    assert {
        "payment",
        "delivery",
        "identity",
        "receipt",
        "prefill",
        "field-kind",
        "theme",
        "lookup",
        "measure",
        "scanner",
        "secrets",
        "solutions",
        "importer",
    } <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_skeleton_shows(kind, tmp_path):
    """No word that should have been replaced is left, and every module can be read."""
    made = make(skeletons.skeletons()[kind], Names(kind, "nordlys"), tmp_path)
    for file in made.rglob("*"):
        assert "acme" not in file.name
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            left = ("acme", "Acme", "ACME", "KIND_SENTENCE", "SELVBETJENING_", "PACKAGE_DATA")
            assert [word for word in left if word in text] == [], file
            if file.suffix == ".py":
                ast.parse(text)


@pytest.mark.parametrize("kind", KINDS)
def test_its_metadata_is_whole(kind, tmp_path):
    names = Names(kind, "nordlys")
    made = make(skeletons.skeletons()[kind], names, tmp_path)
    told = tomllib.loads((made / "pyproject.toml").read_text(encoding="utf-8"))
    project = told["project"]
    assert project["name"] == made.name == names.distribution
    assert project["description"] == skeletons.skeletons()[kind].sentence
    major, minor, _ = __version__.split(".")
    assert project["dependencies"] == [f"selvbetjening >={major}.{minor},<0.{int(minor) + 1}"]
    assert project["entry-points"] == {
        "selvbetjening.plugins": {names.package: f"{names.package}.plugin"},
        "selvbetjening.conformance": {names.package: f"{names.package}.conformance"},
    }


@pytest.mark.parametrize("kind", KINDS)
def test_it_imports_the_public_modules_alone(kind, tmp_path):
    made = make(skeletons.skeletons()[kind], Names(kind, "nordlys"), tmp_path)
    assert foreign_imports(made) == []


def test_an_import_of_anything_else_is_found(tmp_path):
    (tmp_path / "bad.py").write_text("from selvbetjening_core.composition import register\n")
    assert foreign_imports(tmp_path) == ["bad.py: selvbetjening_core.composition"]


def foreign_imports(folder):
    """What of the core is imported that plugins may not."""
    return [
        f"{file.relative_to(folder)}: {name}"
        for file in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _imported(node)
        if name.startswith("selvbetjening_") and name.split(".")[1:2] not in [[p] for p in PUBLIC]
    ]


def _imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_skeletons_are_built_for_the_contracts_of_today():
    versions = {rules.version for rules in CONTRACTS.values()}
    for file in skeletons.FOLDER.rglob("plugin.py"):
        text = file.read_text(encoding="utf-8")
        if "register.component(" in text:
            told = text.partition('built_for="')[2].partition('"')[0]
            assert told in versions, file


def test_the_theme_extends_the_layout_of_plain():
    """It copies nothing of it; else new themes would begin with an old page."""
    layout = skeletons.FOLDER / "theme" / "acme_plugin" / "templates" / "layout.html"
    ours = layout.read_text(encoding="utf-8").splitlines()
    plain = (PLAIN.templates / "layout.html").read_text(encoding="utf-8").splitlines()
    assert ours[0] == '{% extends "plain/layout.html" %}'
    blocks = [line for line in ours if line.startswith("{% block")]
    assert blocks
    assert set(blocks) <= set(plain)
    assert not [line for line in ours if line in plain and not line.startswith("{%")]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("paymnt", 'did you mean "payment"?'),
        ("Payment", 'did you mean "payment"?'),
        ("IPayment", 'did you mean "payment"?'),
        ("field_kind", 'did you mean "field-kind"?'),
        ("spaceship", "The kinds are: "),
    ],
)
def test_a_kind_that_is_none_is_told(run, tmp_path, kind, told):
    done = run("new-plugin", kind, "nordlys", cwd=tmp_path)
    assert_nothing_made(done, tmp_path)
    assert f'There is no kind "{kind}"' in done.stderr
    assert told in done.stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Acme", "such as acme."),
        ("blåbær", "such as blaabaer."),
        ("nord-lys", "such as nord_lys."),
        ("7eleven", "such as eleven."),
        ("", "lower-case letters"),
        ("../up", "such as up."),
        ("a" * 31, "31 letters; 30 are allowed"),
        ("class", "a word of Python itself"),
        ("match", "a word of Python itself"),
        ("selvbetjening", "is this project"),
    ],
)
def test_a_name_that_cannot_be_is_told(run, tmp_path, name, told):
    done = run("new-plugin", "payment", name, cwd=tmp_path)
    assert_nothing_made(done, tmp_path)
    assert told in done.stderr


def test_a_folder_that_is_there_stays_as_it_was(run, tmp_path):
    (tmp_path / "nordlys-payment").mkdir()
    (tmp_path / "nordlys-payment" / "mine.txt").write_text("mine")
    done = run("new-plugin", "payment", "nordlys", cwd=tmp_path)
    assert done.returncode == 2
    assert "nordlys-payment exists already, and nothing was changed" in done.stderr
    assert files_in(tmp_path) == ["nordlys-payment/mine.txt"]


def test_a_plugin_that_is_installed_is_told(run, tmp_path):
    done = run("new-plugin", "payment", "demo", cwd=tmp_path)
    assert_nothing_made(done, tmp_path)
    assert 'A plugin called "demo_payment" is installed already (selvbetjening' in done.stderr


def test_inside_the_repository_nothing_is_made(run, tmp_path):
    before = sorted((ROOT / "docs" / "vendor").iterdir())
    for folder in (ROOT, ROOT / "docs" / "vendor"):
        done = run("new-plugin", "payment", "nordlys", "--folder", str(folder), cwd=tmp_path)
        assert_nothing_made(done, tmp_path)
        assert "inside the repository of selvbetjening" in done.stderr
    assert sorted((ROOT / "docs" / "vendor").iterdir()) == before


def test_a_folder_that_is_a_file_is_told(run, tmp_path):
    (tmp_path / "file").write_text("")
    done = run("new-plugin", "payment", "nordlys", "--folder", "file/inside", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_what_breaks_off_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(skeletons, "_copy", full)
    with pytest.raises(OSError, match="No space"):
        make(skeletons.skeletons()["payment"], Names("payment", "nordlys"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_help_names_every_kind_and_shows_examples(run, tmp_path):
    done = run("new-plugin", "--help", cwd=tmp_path)
    assert done.returncode == 0
    for kind, skeleton in skeletons.skeletons().items():
        assert f"  {kind}" in done.stdout
        assert skeleton.sentence.split()[0] in done.stdout
    assert "selvbetjening new-plugin payment acme" in done.stdout
