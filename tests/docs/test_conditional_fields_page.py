"""The fields with conditions of the page of the definition language, as shown in two languages."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.facts import answer_facts, asked_now
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS / folder / "definition-language.md" for folder in ("reference", "kommune")]
KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
DAY = datetime.date(2026, 11, 22)
HEAD = """
[solution]
version  = "1"
title.da = "Sundhedskort"
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

[step.cause]
title.da = "Årsag"

[step.cause.cause]
kind     = "choice"
label.da = "Hvorfor?"
options  = ["damaged", "moved"]

[step.cause.cause.option]
damaged.da = "I stykker"
moved.da   = "Flyttet"

[step.order]
title.da = "Bestilling"

"""


def shown(page):
    (block,) = re.findall(
        r"```toml\n(\[step\.order\.why\].*?)```", page.read_text("utf-8"), re.DOTALL
    )
    return block


@pytest.fixture
def read(tmp_path):
    def problems_and_solution(block):
        (tmp_path / "solution.toml").write_text(HEAD + block, "utf-8")
        problems = Problems()
        declarations = {name: kind.declaration for name, kind in KINDS.items()}
        solution = read_solution(tmp_path, declarations, DAY, problems)
        return [one.code for one in problems if one.code != "bad-name"], solution

    return problems_and_solution


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_conditional_fields_of_the_page_can_be_read(read, page):
    codes, solution = read(shown(page))
    assert codes == []

    def asked(cause):
        facts = answer_facts(solution.steps, {"cause": cause}, KINDS, {}, DAY)
        why, delivery = (asked_now(one, facts) for one in solution.step("order").fields)
        return why.required, [option.value for option in delivery.options]

    assert asked("damaged") == (True, ["post", "counter"])
    assert asked("moved") == (False, ["post"])


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ('{ cause = "damaged" }', '{ cause = "broken" }', "condition-unknown-option"),
        ('{ not = "moved" }', '{ not = "gone" }', "condition-unknown-option"),
        ("counter.when", "counter.if", "unknown-key"),
    ],
)
def test_a_wrong_one_would_be_found(read, right, wrong, code):
    block = shown(PAGES[0])
    assert right in block
    assert code in read(block.replace(right, wrong))[0]
