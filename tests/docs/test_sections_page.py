"""The section of the pages of the definition language."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from test_read_only_page import HEAD, KINDS

from selvbetjening_core.definitions.conditions import Compare, Operator
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.problems import Problems

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS / folder / "definition-language.md" for folder in ("reference", "kommune")]
DAY = datetime.date(2026, 11, 22)


@pytest.fixture
def read(tmp_path):
    def codes_and_solution(block):
        (tmp_path / "solution.toml").write_text(HEAD + block, "utf-8")
        problems = Problems()
        declarations = {name: kind.declaration for name, kind in KINDS.items()}
        solution = read_solution(tmp_path, declarations, DAY, problems)
        return [one.code for one in problems if one.code != "bad-name"], solution

    return codes_and_solution


def shown(page):
    pattern = r"```toml\n(\[step\.card\.abroad\].*?)```"
    (block,) = re.findall(pattern, page.read_text("utf-8"), re.DOTALL)
    return block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_section_of_the_page_holds_its_fields(read, page):
    codes, solution = read(shown(page))
    assert codes == []
    held = {field.visible for field in solution.step("card").fields[-3:]}
    assert held == {Compare("same_name", Operator.EQUALS, value=False)}


def test_a_wrong_one_would_be_found(read):
    codes, _ = read(shown(PAGES[0]).partition("[step.card.land]")[0])
    assert codes == ["empty-section"]
