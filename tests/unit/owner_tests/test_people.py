"""Test cases of a solution that asks for several people."""

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
title.da = "Meld flytning"
kle      = "23"
minutes  = 5
level    = "low"
may_act  = ["self", "custody", "household"]

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

[step.family.movers]
kind     = "people"
from     = "household"
label.da = "Hvem flytter med?"
at_most  = 3
"""
WHO = (
    "who = { children = [{ age = 9 }, { age = 4, same_address = false }],"
    " others = [{ age = 70 }, { age = 30, protected = true }] }\n"
)


@pytest.fixture
def told(tmp_path):
    """Run one case; the messages."""
    file = Path(selvbetjening_demo.__file__).parent / "installation" / "selvbetjening.toml"
    plan = read_plan(file, register_core, DAY)
    code, town = next(iter(plan.municipalities.items()))
    folder = tmp_path / "flytning"
    folder.mkdir()
    (folder / "solution.toml").write_text(DEFINITION, "utf-8")

    def told(case):
        (folder / "tests.toml").write_text(f"[case.one]\non = 2026-03-02\n{WHO}{case}", "utf-8")
        problems = Problems()
        solution = read_solution(folder, town.plugin_set.kinds(), DAY, problems)
        here = dataclasses.replace(town, solutions={"flytning": OfferedSolution(solution, {})})
        offering = dataclasses.replace(plan, municipalities={code: here})
        now = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
        run_tests(offering, lambda: now, problems, Severity.ERROR, ["flytning"])
        return [one.message for one in problems]

    return told


def test_several_people_are_offered_and_answered(told):
    case = """
[case.one.answers]
movers = ["self", "child-1", "other-1"]

[case.one.expect]
offered.movers = ["self", "child-1", "other-1"]
summary.movers = "Prøve Borger\\nPrøve Barn 1\\nPrøve Beboer 1"
"""
    assert told(case) == []


def test_who_is_protected_or_elsewhere_cannot_be_answered(told):
    for key in ("other-2", "child-2"):
        found = told(f'[case.one.answers]\nmovers = ["self", "{key}"]\n')
        assert found, key


def test_a_wrong_expectation_is_told(told):
    """Negative control."""
    case = '[case.one.answers]\nmovers = ["self"]\n[case.one.expect]\nsummary.movers = "Nogen"\n'
    assert len(told(case)) == 1
