"""The installation's own file."""

from __future__ import annotations

import pytest

FILE = "selvbetjening.toml"


@pytest.mark.parametrize(
    ("right", "wrong", "codes"),
    [
        ('mode = "production"', 'mode = "prod"', ["unknown-mode"]),
        ('mode = "production"', "", ["missing-key"]),
        ('["solutions"]', '["soluttions"]', ["nothing-found"]),
        ('["solutions"]', '["solutions", "package:nobody.has.this"]', ["nothing-found"]),
        ('["solutions"]', '["solutions", "package:"]', ["nothing-found"]),
        ('["solutions"]', '["solutions", "package:sys"]', ["nothing-found"]),
        ('["solutions"]', '["solutions", "package:.x"]', ["nothing-found"]),
        ('["solutions"]', '["solutions", "solutions"]', ["listed-twice"]),
        ('["solutions"]', '["solutions", "solutions/../solutions"]', ["solution-twice"]),
        ('["solutions"]', '"solutions"', ["wrong-type"]),
        ("sqlite:///var/db.sqlite", "var/db.sqlite", ["bad-url"]),
        ("sqlite:///var/db.sqlite", "postgresql://a:hunter2@b/c", ["plain-secret"]),
        ('"file:secrets/keys"', '"secrets/keys"', ["plain-secret"]),
        ("[store]", "[stroe]", ["unknown-key"]),
        ("[installation]", "[instalation]", ["unknown-key"]),
        ("[store]", "[delivery]\nattempt_seconds = 601\n[store]", ["out-of-range"]),
        ("[store]", "[delivery]\nattempt_second = 60\n[store]", ["unknown-key"]),
        ("mode", 'plugin_sets = ""\nmode', ["empty-text"]),
        ("mode", 'plugin_sets = "none"\nmode', ["nothing-found"]),
        ("mode", "municipalities = []\nmode", ["wrong-type"]),
        ("mode", 'municipalities = "a\\u0000b"\nmode', ["bad-character"]),
    ],
)
def test_one_mistake_is_one_problem(installation, right, wrong, codes):
    installation.change(FILE, right, wrong)
    assert installation.errors() == codes
    assert not any("hunter2" in one.message for one in installation.problems)


def test_an_empty_file(installation):
    installation.write(FILE, "")
    assert installation.errors() == ["missing-key"]


def test_no_file(installation):
    (installation.folder / FILE).unlink()
    assert installation.errors() == ["file-unreadable"]


def test_folders_that_hold_no_solution(installation):
    installation.change(FILE, '["solutions"]', '["plugin_sets"]')
    assert installation.errors().count("nothing-found") == 1


def test_an_installation_knows_its_folders(installation):
    found = installation.plan().installation
    assert found.folder == installation.folder
    assert found.solutions == {"permit": installation.folder / "solutions" / "permit"}
    assert [file.name for file in found.municipalities] == ["0751.toml", "0773.toml"]
    assert (found.mode, found.is_demo) == ("production", False)
    assert (found.attempt_seconds, found.grace_seconds) == (30, 10)


def test_hidden_folders_are_no_solutions(installation):
    for name in (".git", "__pycache__", "_draft"):
        (installation.folder / "solutions" / name).mkdir()
    assert installation.errors() == []


def test_a_package_that_cannot_be_imported_is_not_found(installation, monkeypatch):
    package = installation.folder / "site" / "bursting"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError\n")
    monkeypatch.syspath_prepend(package.parent)
    installation.change(FILE, '["solutions"]', '["solutions", "package:bursting.inside"]')
    assert installation.errors() == ["nothing-found"]
