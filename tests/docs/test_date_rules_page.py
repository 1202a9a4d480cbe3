"""The date rules that the page of the definition language shows."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from selvbetjening_core.definitions.dates import TODAY
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "definition-language.md"
KINDS = {kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS}
TODAY_IS = datetime.date(2026, 11, 22)
HEAD = """
[solution]
version  = "1"
title.da = "Flytning"
kle      = "23"
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

[step.move]
title.da = "Flytning"

"""


def shown():
    (block,) = re.findall(
        r"```toml\n(\[step\.move\.moving_day\].*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    return block


def problems_and_solution(tmp_path, block):
    (tmp_path / "solution.toml").write_text(HEAD + block, "utf-8")
    problems = Problems()
    solution = read_solution(tmp_path, KINDS, TODAY_IS, problems)
    return [one.code for one in problems if one.severity == "error"], solution


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "flytning"
    found.mkdir()
    return found


def test_the_date_rules_of_the_page_can_be_read(folder):
    codes, solution = problems_and_solution(folder, shown())
    assert codes == []
    settings = {field.name: field.settings for field in solution.fields()}
    facts = {TODAY: TODAY_IS, "moving_day": datetime.date(2026, 12, 1)}
    days = {
        (name, key): str(rule.day(facts))
        for name, keys in settings.items()
        for key, rule in keys.items()
    }
    assert days == {
        ("moving_day", "earliest"): "2026-11-17",
        ("moving_day", "latest"): "2026-12-20",
        ("last_day", "earliest"): "2026-12-30",
        ("born", "latest"): "2026-11-22",
        ("born", "age_on"): "2026-12-01",
    }


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ('"+ 28 days"', '"28 days"', "bad-date-rule"),
        ('age_on   = "moving_day"', 'age_on   = "moving"', "unknown-source"),
        ('latest   = ["today", "+ 28 days"]', 'latest   = ["today", "- 6 days"]', "keys-at-odds"),
        ('above = ["moving_day"', 'above = ["reason"', "condition-on-later-step"),
    ],
)
def test_a_wrong_one_would_be_found(folder, right, wrong, code):
    assert right in shown()
    codes, _ = problems_and_solution(folder, shown().replace(right, wrong))
    assert codes == [code]
