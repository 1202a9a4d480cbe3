"""The read-only field of the pages of the definition language."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.given import given_value
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS / folder / "definition-language.md" for folder in ("reference", "kommune")]
KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
DAY = datetime.date(2026, 11, 22)
HEAD = """
[solution]
version  = "1"
title.da = "Kort"
kle      = "29"
minutes  = 5
level    = "low"
may_act  = ["self"]

[[law]]
title      = "En lov"
valid_from = 2020-01-01

[retention]
draft_days     = 30
delivered_days = 90

[text]
purpose.da     = "Hvad den er til."
alternative.da = "En anden vej ind."
after.da       = "Hvad der sker nu."

[[destination]]
role = "case_system"

[step.card]
title.da = "Kortet"

[step.card.nickname]
kind     = "text"
label.da = "Kaldenavn"

[step.card.same_name]
kind     = "yes_no"
label.da = "Samme navn på kortet?"

"""


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
    pattern = r"```toml\n(\[step\.card\.name_on_card\].*?)```"
    (block,) = re.findall(pattern, page.read_text("utf-8"), re.DOTALL)
    return block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_read_only_field_of_the_page_follows_its_condition(read, page):
    codes, solution = read(shown(page))
    assert codes == []
    field = solution.step("card").fields[-1]
    known = {TODAY: DAY, "nickname": "Kis"}
    assert given_value(field, KINDS, {**known, "same_name": True}) == "Kis"
    assert given_value(field, KINDS, {**known, "same_name": False}) is None


def test_a_wrong_one_would_be_found(read):
    codes, _ = read(shown(PAGES[0]).replace('"nickname"', '"nick"'))
    assert codes == ["unknown-source"]
