"""The code of docs/embedder/compose-and-check.md does what the page says."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

import selvbetjening_demo
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan

PAGE = Path(__file__).resolve().parents[2] / "docs" / "embedder" / "compose_and_check.py"
DEMO = Path(selvbetjening_demo.__file__).parent / "installation"


@pytest.fixture(scope="module")
def page():
    spec = importlib.util.spec_from_file_location("compose_and_check", PAGE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_it_reads_the_demo(page):
    file = DEMO / "selvbetjening.toml"
    plan = read_plan(file, register_core, page.TODAY)
    assert not [line for line in page.problems_of(file) if ": error: " in line]
    assert page.answering(plan) == "card"
    assert "Kortet skal være til" in page.questions(plan)


def test_it_tells_every_problem(page, tmp_path):
    shutil.copytree(DEMO, tmp_path / "installation")
    municipality = tmp_path / "installation" / "municipalities" / "0773.toml"
    text = municipality.read_text(encoding="utf-8")
    for right, wrong in (('"0773"', '"9999"'), ('"journal"', '"jurnal"')):
        assert right in text
        text = text.replace(right, wrong)
    municipality.write_text(text, encoding="utf-8")
    errors = [
        line
        for line in page.problems_of(tmp_path / "installation" / "selvbetjening.toml")
        if ": error: " in line
    ]
    assert any("9999" in line for line in errors)
    assert any("jurnal" in line for line in errors)
