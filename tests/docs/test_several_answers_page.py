"""The fields with several answers, and with none, of the page of the definition language."""

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
title.da = "Hjælp i hjemmet"
kle      = "27"
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

[parameter.weeks]
kind     = "number"
label.da = "Uger om året"
default  = 46

[[destination]]
role = "case_system"

[step.help]
title.da = "Hjælp"

"""


def shown():
    (block,) = re.findall(
        r"```toml\n(\[step\.help\.aids\].*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    return block


@pytest.fixture
def read(tmp_path):
    def problems_and_solution(block):
        folder = tmp_path / "hjaelp"
        folder.mkdir(exist_ok=True)
        (folder / "solution.toml").write_text(HEAD + block, "utf-8")
        problems = Problems()
        declarations = {name: kind.declaration for name, kind in KINDS.items()}
        solution = read_solution(folder, declarations, DAY, problems)
        return [one.code for one in problems], solution

    return problems_and_solution


def test_the_fields_of_the_page_can_be_read(read):
    codes, solution = read(shown())
    assert codes == []
    answers = {"aids": ["cane"], "needs": {"food": "often", "shopping": "never"}, "hours": 3}
    facts = answer_facts(solution.steps, answers, KINDS, {"parameter.weeks": 46}, DAY)
    assert (facts["total"], facts["form"]) == (138, 46)
    answers["aids"] = ["none"]
    facts = answer_facts(solution.steps, answers, KINDS, {"parameter.weeks": 46}, DAY)
    assert (facts["total"], "hours" in facts) == (0, False)


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("at_most       = 2", "at_most       = 3", "keys-at-odds"),
        ('none_of_these = "none"', 'none_of_these = "nobody"', "not-an-option"),
        ('rows     = ["food", "shopping"]', 'rows     = ["not", "shopping"]', "unknown-key"),
        ('needs.food = "often"', 'needs.food = "daily"', "condition-unknown-option"),
        ('of        = ["hours", "parameter.weeks"]', 'of        = ["hours"]', "keys-at-odds"),
        ('"parameter.weeks"]', '"aids"]', "source-of-other-type"),
        ('parameter = "weeks"', 'parameter = "week"', "unknown-source"),
    ],
)
def test_a_wrong_one_would_be_found(read, right, wrong, code):
    assert right in shown()
    assert code in read(shown().replace(right, wrong))[0]
