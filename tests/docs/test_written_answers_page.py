"""The fields that are answered in writing, of the page of the definition language."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.compiler import StepCompiler
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.values import StepRequest, Submitted

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "definition-language.md"
KINDS = {kind.declaration.name: kind for kind in BUILTIN_KINDS}
DAY = datetime.date(2026, 11, 22)
CPR = "2512489996"  # an official test person
OTHERS = (
    ("income", "9.999,99"),
    ("begins", "kl. 8"),
    ("postcode", "DK-8000"),
    ("helper", "251248-9996"),
    ("company", "12 34 56 74"),
    ("account.registration", "1234 1234567"),
    ("area", "40"),
    ("why", "Derfor."),
)
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

[[destination]]
role = "case_system"

[step.help]
title.da = "Hjælp"

"""


def shown():
    (block,) = re.findall(
        r"```toml\n(\[step\.help\.income\].*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    return block


def rows():
    """Each way of writing in the page's table, with its kind and what is kept of it."""
    told = re.findall(
        r"^\| `(\w+)` \| (`[^|]+) \| `([^`]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return [
        (kind, one, kept) for kind, ways, kept in told for one in re.findall(r"`([^`]+)`", ways)
    ]


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


@pytest.fixture
def answered(read):
    """What the page's step makes of answers."""

    def state_of(*answers):
        codes, solution = read(shown())
        assert codes == []
        request = StepRequest(solution, solution.step("help"), "da", PLAIN, {}, KINDS)
        sent = dict(OTHERS) | dict(answers)
        return StepCompiler().compile(request).read(Submitted(tuple(sent.items()), DAY))

    return state_of


def test_the_fields_of_the_page_can_be_read(answered):
    state = answered()
    assert state.errors == {}
    assert state.values == {
        "income": "9999.99",
        "begins": "08:00",
        "postcode": "8000",
        "helper": CPR,
        "company": "12345674",
        "account": "1234 0001234567",
        "area": 40,
        "why": "Derfor.",
    }


def test_the_fields_of_the_page_refuse_what_it_says(answered):
    state = answered(("income", "1,250"), ("begins", "7.59"), ("company", "12345678"))
    assert set(state.errors) == {"income", "begins", "company"}
    assert "helper" not in answered(("income", "10.000")).values


@pytest.mark.parametrize(
    ("kind", "typed", "kept"), [one for one in rows() if one[0] != "bank_account"]
)
def test_the_table_tells_how_it_is_read(answered, kind, typed, kept):
    name = {"amount": "income", "time": "begins", "postcode": "postcode"}[kind]
    assert answered((name, typed)).values[name] == kept


def test_the_table_is_read_whole():
    assert len(rows()) == 5 + 4 + 2


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ('earliest = "08:00"', 'earliest = "8"', "keys-at-odds"),
        ('latest   = "22:00"', 'latest   = "07:00"', "keys-at-odds"),
        ("max      = 100000", 'max      = "mange"', "wrong-type"),
        ("income.ore", "income.kroner", "condition-unknown-fact"),
    ],
)
def test_a_wrong_one_would_be_found(read, right, wrong, code):
    assert right in shown()
    assert code in read(shown().replace(right, wrong))[0]
