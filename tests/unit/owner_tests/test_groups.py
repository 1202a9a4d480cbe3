"""Test cases of a solution with a group and rows."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest

import selvbetjening_demo
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.definitions.model import OfferedSolution
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.owner_tests.running import run_tests
from selvbetjening_core.problems import Problems, Severity

DAY = datetime.date(2026, 3, 2)
DEFINITION = """
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

[group.child.name]
kind     = "text"
label.da = "Navn"

[group.child.born]
kind     = "date"
label.da = "Født"

[group.child.attends]
kind     = "yes_no"
label.da = "Går barnet i dagtilbud?"

[step.family]
title.da = "Familien"

[step.family.eldest]
kind     = "group"
group    = "child"
label.da = "Den ældste"
required = false

[step.family.children]
kind     = "repeat"
group    = "child"
label.da = "Børn"
each.da  = "Barn"
add.da   = "Tilføj et barn"
at_most  = 3
"""
BO = '{ name = "Bo", born = 2022-05-01, attends = false }'
EA = '{ name = "Ea", born = 2024-05-01, attends = true }'
SHOWN = "Barn 1\\nNavn: Bo\\nFødt: 1. maj 2022\\nGår barnet i dagtilbud? Nej"


@pytest.fixture
def told(tmp_path):
    """Run one case; what is told, as (line, code, message)."""
    file = Path(selvbetjening_demo.__file__).parent / "installation" / "selvbetjening.toml"
    plan = read_plan(file, register_core, DAY)
    code, town = next(iter(plan.municipalities.items()))
    folder = tmp_path / "plads"
    folder.mkdir()
    (folder / "solution.toml").write_text(DEFINITION, "utf-8")

    def told(case):
        (folder / "tests.toml").write_text(f"[case.one]\non = 2026-03-02\n{case}", "utf-8")
        problems = Problems()
        solution = read_solution(folder, town.plugin_set.kinds(), DAY, problems)
        solutions = {"plads": OfferedSolution(solution, {})}
        here = {code: dataclasses.replace(town, solutions=solutions)}
        offering = dataclasses.replace(plan, municipalities=here)
        now = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
        run_tests(offering, lambda: now, problems, Severity.ERROR, ["plads"])
        return [(one.place.line, one.code, one.message) for one in problems]

    return told


def test_rows_and_a_group_are_answered(told):
    answers = f"[case.one.answers]\nchildren = [{BO}]\n"
    assert told(f'{answers}[case.one.expect]\nsummary.children = "{SHOWN}"\n') == []
    answers += f"eldest = {EA}\n"
    assert told(f"{answers}[case.one.expect]\naccepted = true\n") == []
    wrong = told(f'{answers}[case.one.expect]\nsummary.children = "Barn 1"\n')
    assert [code for _, code, _ in wrong] == ["test-failed"]


def test_a_message_in_a_row_is_expected_by_its_number(told):
    answers = f"[case.one.answers]\nchildren = [{BO}, {{ attends = false, born = 2020-01-01 }}]\n"
    expected = '[case.one.expect]\nerrors.children.2.name = "Barn 2: Udfyld »Navn«"\n'
    assert told(answers + expected) == []
    (wrong,) = told(answers + expected.replace("Udfyld", "Skriv"))
    assert wrong[0] == 6
    assert "errors.children.2.name: expected Barn 2: Skriv" in wrong[2]


def test_an_answer_that_a_row_does_not_take_is_told(told):
    odd = BO.replace("attends = false", 'attends = false, school = "Vest"')
    answers = f"[case.one.answers]\nchildren = [{BO}, {odd}]\n"
    found = told(f"{answers}[case.one.expect]\naccepted = true\n")
    assert len(found) == 1
    assert '"children.2.school" cannot be answered by "Vest"' in found[0][2]
