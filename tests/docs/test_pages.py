"""The pages name everything there is, and their examples are right."""

from __future__ import annotations

import datetime
import importlib.metadata
import re
from pathlib import Path

import pytest

import selvbetjening_solutions
from selvbetjening_core import hooks, interfaces
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems
from selvbetjening_core.receipts.words import words
from selvbetjening_core.testing.pages import RULES

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
    "theme",
    "look",
    "setting",
    "summary",
    "session",
    "seal",
    "field kind",
    "condition",
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


def test_every_rule_for_pages_is_in_the_reference():
    assert "\n.. page-rules::\n" in read("docs/reference/testing.md")
    page = read("docs/reference/testing.md")
    for rule in RULES:
        number = "SB-nn" if rule.number.startswith("SB-") else rule.number
        assert f"\n| `{number}` | " in page, rule.number


@pytest.mark.parametrize("door", ["municipality", "kommune"])
def test_every_word_of_a_receipt_is_in_the_table_of_its_layout(door):
    page = read(f"docs/{door}/own-receipt.md")
    (row,) = re.findall(r"^\| `receipt\.t` \|.*$", page, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == set(words("da"))


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


def conditions():
    """The lines that the definition language's page shows under Conditions."""
    page = read("docs/reference/definition-language.md")
    (block,) = re.findall(r"```toml\n(visible .*?)```", page, re.DOTALL)
    return [line.partition("=")[2].strip() for line in block.splitlines()]


def condition_problems(tmp_path, condition):
    """What is wrong with the health card when a step of it has this condition."""
    shipped = Path(selvbetjening_solutions.__file__).parent / "sundhedskort" / "solution.toml"
    text = shipped.read_text(encoding="utf-8")
    head = "[step.consent]\n"
    assert text.count(head) == 1
    folder = tmp_path / "sundhedskort"
    folder.mkdir()
    changed = text.replace(head, f"{head}visible = {condition}\n")
    (folder / "solution.toml").write_text(changed, encoding="utf-8")
    kinds = {kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS}
    problems = Problems()
    read_solution(folder, kinds, TODAY, problems)
    return [one.code for one in problems if one.severity == "error"]


def test_the_conditions_of_the_reference_can_be_read(tmp_path):
    assert len(conditions()) == 3
    for number, condition in enumerate(conditions()):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert condition_problems(folder, condition) == []


def test_a_wrong_condition_would_be_found(tmp_path):
    wrong = conditions()[1].replace("at_least", "atleast")
    assert condition_problems(tmp_path, wrong) != []


def test_every_page_is_in_the_navigation():
    linked = set()
    for page in DOCS.rglob("*.md"):
        for listed in re.findall(r"```{toctree}\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            for line in listed.splitlines():
                name = line.partition("<")[2].rstrip(">") or line
                if line and not line.startswith(":"):
                    linked.add((page.parent / f"{name}.md").resolve())
    assert set(DOCS.rglob("*.md")) - linked == {DOCS / "index.md"}


@pytest.mark.parametrize("door", ["vendor", "municipality", "kommune", "embedder"])
def test_each_door_has_tutorial_how_to_and_reference(door):
    index = read("docs/index.md")
    first = next((DOCS / door).glob("first-*.md")).stem
    for page in ("index", first, "how-to", "reference"):
        assert re.search(rf"^([^<\n]+ <)?{door}/{page}>?$", index, re.MULTILINE), page
