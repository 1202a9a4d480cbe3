"""The installation's own file."""

from __future__ import annotations

import pytest

from selvbetjening_core.composition.installation import read_installation
from selvbetjening_core.problems import Problems

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
        ("sqlite:///var/db.sqlite", "mysql://b/c", ["bad-url"]),
        ("sqlite:///var/db.sqlite", "sqlit:///var/db.sqlite", ["bad-url"]),
        ("sqlite:///var/db.sqlite", "sqlite://var/db.sqlite", ["bad-url"]),
        ('"shared.example"', '"https://shared.example"', ["bad-address"]),
        ('"shared.example"', '"shared.example:8080"', ["bad-address"]),
        ('"shared.example"', '"shared.example", "0773.example"', ["address-taken"]),
        ('"file:secrets/keys"', '"secrets/keys"', ["plain-secret"]),
        ("[store]", "[stroe]", ["unknown-key"]),
        ("[installation]", "[instalation]", ["unknown-key"]),
        ("[store]", "[delivery]\nattempt_seconds = 601\n[store]", ["out-of-range"]),
        ("[store]", "[delivery]\nattempt_second = 60\n[store]", ["unknown-key"]),
        ("[store]", '[delivery]\nengine = "celery"\n[store]', ["not-an-option"]),
        ("[store]", '[delivery]\nengine = "procrastinate"\n[store]', ["engine-needs-postgresql"]),
        ("[store]", "[delivery]\nat_once = 0\n[store]", ["out-of-range"]),
        ("[store]", "[web]\nthreads = 1\n[store]", ["out-of-range"]),
        ("[store]", "[web]\nthreads = 257\n[store]", ["out-of-range"]),
        ("[store]", "[web]\ncalls_at_once = 0\n[store]", ["out-of-range"]),
        ("[store]", "[web]\ncalls_at_once = 16\n[store]", ["out-of-range"]),
        ("[store]", "[web]\nthreads = 4\ncalls_at_once = 4\n[store]", ["out-of-range"]),
        ("[store]", "[web]\nthread = 4\n[store]", ["unknown-key"]),
        ("[store]", '[web]\ntrusted_proxy = "proxy.example"\n[store]', ["bad-address"]),
        ("[store]", '[web]\ntrusted_proxy = "127.0.0.1:80"\n[store]', ["bad-address"]),
        ("[store]", '[web]\ntrusted_proxy = "fe80::1%eth0"\n[store]', ["bad-address"]),
        (
            "[store]",
            '[web]\ntrusted_proxy = ["127.0.0.1", "10.0.0.5/24"]\n[store]',
            ["bad-address"],
        ),
        ("[store]", '[web]\ntrusted_proxy = ["0.0.0.0/0"]\n[store]', ["bad-address"]),
        ("[store]", '[web]\ntrusted_proxy = ["::/0"]\n[store]', ["bad-address"]),
        ("[store]", '[web]\ntrusted_proxy = ["::1", "::1"]\n[store]', ["listed-twice"]),
        ("[store]", "[web]\ntrusted_proxy = 127\n[store]", ["wrong-type"]),
        ("[store]", "[limits]\nform_byte = 10000\n[store]", ["unknown-key"]),
        ("[store]", "[limits]\nform_bytes = 1\n[store]", ["out-of-range"]),
        ("[store]", "[limits]\nheader_seconds = 0\n[store]", ["out-of-range"]),
        ("[store]", "[limits.login]\naddress = 9\n[store]", ["unknown-key"]),
        ("[store]", "[limits.logins]\nperson = 9\n[store]", ["unknown-key"]),
        ("[store]", "[limits.drafts]\naddress = -1\n[store]", ["out-of-range"]),
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


def test_another_file_of_the_installation_is_told_from_it(installation, monkeypatch):
    monkeypatch.setattr(installation, "folder", installation.folder / "municipalities")
    (installation.folder / "0773.toml").rename(installation.folder / "selvbetjening.toml")
    assert installation.errors() == ["missing-key"]
    (problem,) = installation.problems
    assert problem.advice == "add the table [installation]"
    problems = Problems()
    assert read_installation(installation.folder / "0751.toml", problems) is None
    (problem,) = problems
    assert problem.advice == "name the installation's file, which is called selvbetjening.toml"


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
    assert (found.attempt_seconds, found.lease_seconds) == (30, 10)


def test_a_setting_of_an_earlier_version_is_told_and_changes_nothing(installation):
    installation.change(FILE, "[store]", "[delivery]\ngrace_seconds = 25\n[store]")
    plan = installation.plan()
    (warning,) = [one for one in plan.problems if one.code == "not-used-any-more"]
    assert "lease_seconds" in warning.advice
    assert plan.installation.lease_seconds == 10


@pytest.mark.parametrize(
    ("says", "threads", "calls"),
    [
        ("", 16, 8),
        ("threads = 40", 40, 20),
        ("threads = 2", 2, 1),
        ("calls_at_once = 15", 16, 15),
        ("threads = 4\ncalls_at_once = 3", 4, 3),
    ],
)
def test_one_component_never_takes_every_thread(installation, says, threads, calls):
    installation.change(FILE, "[store]", f"[web]\n{says}\n[store]")
    assert installation.errors() == []
    found = installation.plan().installation
    assert (found.threads, found.calls_at_once) == (threads, calls)


@pytest.mark.parametrize(("is_installed", "codes"), [(True, []), (False, ["engine-not-installed"])])
def test_jobs_are_kept_in_postgresql_where_that_is_installed(
    installation, monkeypatch, is_installed, codes
):
    installation.change(FILE, "sqlite:///var/db.sqlite", "env:DATABASE")
    installation.change(FILE, "[store]", '[delivery]\nengine = "procrastinate"\n[store]')
    folder = installation.folder if is_installed else None
    monkeypatch.setattr(
        "selvbetjening_core.composition.installation.package_folder", lambda _name: folder
    )
    assert installation.errors() == codes


def test_unless_it_says_otherwise_the_engine_is_embedded(installation):
    found = installation.plan().installation
    assert (found.engine, found.at_once) == ("embedded", 8)


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
