"""The solution without login of the pages that tell how to offer one."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from test_read_only_page import HEAD, KINDS

from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.problems import Problems

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS / folder / "without-login.md" for folder in ("municipality", "kommune")]
DAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_solution_of_the_page_needs_no_login(page, tmp_path):
    (block,) = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    rest = re.sub(r"^(level|may_act).*\n", "", HEAD, flags=re.MULTILINE)
    definition = rest.replace("[solution]\n", block)
    (tmp_path / "solution.toml").write_text(definition, "utf-8")
    problems = Problems()
    declarations = {name: kind.declaration for name, kind in KINDS.items()}
    solution = read_solution(tmp_path, declarations, DAY, problems)
    assert [one.code for one in problems if one.code != "bad-name"] == []
    assert not solution.needs_login
