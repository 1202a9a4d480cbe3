"""The group and the rows of the page of the definition language."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.facts import answer_facts
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "definition-language.md"
KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
DAY = datetime.date(2026, 11, 22)
HEAD = """
[solution]
version  = "1"
title.da = "Plads i dagtilbud"
kle      = "28"
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

[step.family]
title.da = "Familien"

"""


def shown():
    (block,) = re.findall(
        r"```toml\n(\[group\.child\.name\].*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    return block


@pytest.fixture
def read(tmp_path):
    def problems_and_solution(block):
        folder = tmp_path / "plads"
        folder.mkdir(exist_ok=True)
        (folder / "solution.toml").write_text(HEAD + block, "utf-8")
        problems = Problems()
        declarations = {name: kind.declaration for name, kind in KINDS.items()}
        solution = read_solution(folder, declarations, DAY, problems)
        return [one.code for one in problems], solution

    return problems_and_solution


def test_the_groups_of_the_page_can_be_read(read):
    codes, solution = read(shown())
    assert codes == []
    children = [{"name": "Bo", "attends": False}, {"name": "Ea", "attends": False}]
    answers = {"parent": {"country": "Brasilien"}, "children": children}
    facts = answer_facts(solution.steps, answers, KINDS, {}, DAY)
    assert (facts["parent.country"], facts["children.count"]) == ("Brasilien", 2)
    children[1]["attends"] = True
    facts = answer_facts(solution.steps, answers, KINDS, {}, DAY)
    assert "children.count" not in facts, "a row that lacks an answer counts"


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("at_most  = 4", "at_most  = 51", "keys-at-odds"),
        ('group    = "child"', 'group    = "children"', "unknown-group"),
        ("attends = true", "attend = true", "condition-unknown-fact"),
        ("parent.country", "parent.city", "condition-unknown-fact"),
        ("children.count", "children.name", "condition-unknown-fact"),
        (
            'kind     = "yes_no"\nlabel.da = "Går',
            'kind     = "group"\nlabel.da = "Går',
            "kind-not-in-group",
        ),
    ],
)
def test_a_wrong_one_would_be_found(read, right, wrong, code):
    assert right in shown()
    assert code in read(shown().replace(right, wrong))[0]
