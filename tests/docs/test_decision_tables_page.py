"""The decision table of the page of the definition language, in both languages of it."""

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
PAGES = (
    ROOT / "docs" / "reference" / "definition-language.md",
    ROOT / "docs" / "kommune" / "definition-language.md",
)
KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
DAY = datetime.date(2026, 11, 22)
HEAD = """
[solution]
version  = "1"
title.da = "Tilskud til fritid"
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

[[destination]]
role = "case_system"

[step.grant]
title.da = "Tilskud"

"""


def shown(page=PAGES[0]):
    (block,) = re.findall(
        r"```toml\n(\[step\.grant\.born\].*?)```", page.read_text("utf-8"), re.DOTALL
    )
    return block


@pytest.fixture
def read(tmp_path):
    def problems_and_solution(block):
        folder = tmp_path / "tilskud"
        folder.mkdir(exist_ok=True)
        (folder / "solution.toml").write_text(HEAD + block, "utf-8")
        problems = Problems()
        declarations = {name: kind.declaration for name, kind in KINDS.items()}
        solution = read_solution(folder, declarations, DAY, problems)
        return [one.code for one in problems], solution

    return problems_and_solution


def test_the_table_of_the_page_can_be_read(read):
    assert shown(PAGES[0]) == shown(PAGES[1])
    codes, solution = read(shown())
    assert codes == []
    for born, income, wanted in (
        ("2015-01-31", "199999.99", "full"),
        ("2015-01-31", "200000.00", "half"),
        ("2000-01-31", "0.00", "none"),
        ("2015-01-31", None, None),
    ):
        answers = {"born": born, "income": income}
        facts = answer_facts(solution.steps, answers, KINDS, {}, DAY)
        assert facts.get("share") == wanted, answers


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("below = 20000000", "below = 10000000", "table-hole"),
        ("at_least = 18", "at_least = 17", "table-overlap"),
        ('outcome    = "half"', 'outcome    = "halv"', "unknown-outcome"),
        (
            'visible  = { share = "none" }',
            'visible  = { share = "no" }',
            "condition-unknown-option",
        ),
        ('table    = "share"', 'table    = "shares"', "unknown-table"),
    ],
)
def test_a_wrong_one_would_be_found(read, right, wrong, code):
    assert right in shown()
    assert code in read(shown().replace(right, wrong))[0]
