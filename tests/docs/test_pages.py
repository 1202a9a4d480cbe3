"""The pages name everything there is, and their examples are right."""

from __future__ import annotations

import datetime
import importlib.metadata
import re
from pathlib import Path

import pytest

from selvbetjening_core import hooks, interfaces
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.plugins import InstalledPlugin, installed_plugins
from selvbetjening_core.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TODAY = datetime.date(2026, 11, 2)
RUN_DEMO = "python3 -m venv .venv && .venv/bin/pip install tox && .venv/bin/tox run -e demo"
RUN_TESTS = "python3 -m venv .venv && .venv/bin/pip install tox && .venv/bin/tox"
WORDS = [
    "solution",
    "municipality",
    "plugin",
    "plugin set",
    "component",
    "role",
    "step",
    "field",
    "draft",
    "submission",
    "receipt",
    "parcel",
    "destination",
    "delivery",
    "attempt",
    "message",
    "parked",
]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_readme_has_the_two_commands_each_on_a_line():
    lines = read("README.md").splitlines()
    assert RUN_DEMO in lines
    assert RUN_TESTS in lines


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)", read(page)):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def hook_names():
    return [name for name, one in vars(hooks).items() if hasattr(one, "selvbetjening_spec")]


def test_every_hook_has_a_section_with_an_example():
    page = read("docs/reference/hooks.md")
    assert hook_names()
    for name in hook_names():
        assert f"\n## {name}\n" in page
        assert f"@hookimpl\ndef {name}(" in page


def test_every_contract_is_in_the_reference():
    page = read("docs/reference/contracts.md")
    for name in interfaces.__all__:
        module = getattr(interfaces, name).__module__
        assert f".. contracts:: {module}\n" in page, name


def test_every_module_of_values_is_in_the_reference():
    page = read("docs/reference/values.md")
    for path in (ROOT / "src/selvbetjening_core/values").glob("[!_]*.py"):
        assert f".. automodule:: selvbetjening_core.values.{path.stem}\n" in page, path.stem


def test_the_glossary_has_every_word():
    page = read("docs/glossary.md")
    for word in WORDS:
        assert f"\n| {word} | " in page, word


def test_every_decision_tells_context_decision_and_consequence():
    pages = sorted((DOCS / "decisions").glob("00*.md"))
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        parts = [text.index(f"**{part}.**") for part in ("Context", "Decision", "Consequence")]
        assert parts == sorted(parts), page.name


def test_every_dependency_is_explained():
    page = read("docs/decisions/0010-dependencies.md").lower()
    for requirement in importlib.metadata.requires("selvbetjening"):
        name = re.match(r"[A-Za-z0-9.-]+", requirement).group()
        if name != "selvbetjening":
            assert name.lower() in page, name


def installation(tmp_path, change=("", "")):
    """The files that docs/municipality/setting-up.md shows, as files."""
    page = read("docs/municipality/setting-up.md")
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    files = {}
    for block in blocks:
        named = re.match(r"# (\S+\.toml)\n", block)
        if named:
            current = named.group(1)
        files[current] = files.get(current, "") + block
    assert set(files) == {
        "selvbetjening.toml",
        "plugin_sets/standard.toml",
        "municipalities/0773.toml",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace(*change), encoding="utf-8")
    (tmp_path / "solutions").mkdir()
    return tmp_path / "selvbetjening.toml"


@pytest.fixture
def plugins(monkeypatch):
    """What is installed, and the plugin of docs/vendor/first-plugin.md."""
    monkeypatch.syspath_prepend(DOCS / "vendor" / "acme_journal")
    point = importlib.metadata.EntryPoint(
        "acme_journal", "acme_journal.plugin", hooks.ENTRY_POINT_GROUP
    )
    acme = InstalledPlugin("acme_journal", "acme_journal.plugin", "acme-journal", "1.0.0", point)
    return (*installed_plugins(), acme)


def errors_of(file, plugins):
    with pytest.raises(ConfigurationError) as caught:
        read_plan(file, register_core, TODAY, plugins)
    return {(one.code, one.message) for one in caught.value.problems if one.severity == "error"}


def test_the_example_installation_lacks_only_the_roles_it_leaves_out(tmp_path, plugins):
    errors = errors_of(installation(tmp_path), plugins)
    assert {code for code, _ in errors} == {"role-without-component"}
    assert not any('"case_system"' in message for _, message in errors)


def test_a_mistake_in_the_example_would_be_found(tmp_path, plugins):
    file = installation(tmp_path, ('path   = "var/archive"', 'paht   = "var/archive"'))
    assert {code for code, _ in errors_of(file, plugins)} > {"role-without-component"}
