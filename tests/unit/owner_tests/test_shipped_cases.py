"""The test cases that are shipped with sundhedskort, and what they would notice."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from mutations import mutations

import selvbetjening_demo
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.stack import without_components
from selvbetjening_core.owner_tests.judging import judge
from selvbetjening_core.owner_tests.reading import read_tests
from selvbetjening_core.owner_tests.running import run_tests
from selvbetjening_core.owner_tests.walking import CompiledSteps, walk
from selvbetjening_core.problems import Problems, Severity

DEMO = Path(selvbetjening_demo.__file__).parent / "installation" / "selvbetjening.toml"
DAY = datetime.date(2026, 3, 2)
NAME = "sundhedskort"

EQUIVALENT = {
    "field holder: child_below_age dropped",  # 18 is what the kind takes by itself
    "field address: required turned",  # nobody answers it
    "price[5]: part 1 dropped",  # its last part says as much of the cause
    "price[6]: part 1 dropped",  # the age is asked of damaged cards alone
}
"""Mutations that change nothing a citizen could see."""


def now():
    return datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def plan():
    return read_plan(DEMO, register_core, DAY)


@pytest.fixture(scope="module")
def shipped(plan):
    municipality = without_components(plan, now)["0773"]
    solution = municipality.solutions[NAME].solution
    problems = Problems()
    tests = read_tests(solution, ["0773"], problems)
    assert list(problems) == []
    return municipality, solution, tests


def failing(shipped, solution):
    """The name of the first case that does not pass; empty where all do."""
    problems = Problems()
    tests = read_tests(solution, ["0773"], problems)
    if len(problems):
        return "(the file)"
    steps = CompiledSteps(shipped[0], solution)
    for test in tests:
        parameters = {one.name: one.default for one in solution.parameters} | test.parameters
        came = walk(test, steps, parameters)
        if judge(test, came, solution, Severity.ERROR):
            return test.name
    return ""


def test_all_pass(plan):
    problems = Problems()
    (result,) = run_tests(plan, now, problems, Severity.ERROR)
    assert list(problems) == []
    assert result.failed == ()
    assert result.count >= 12


def test_they_notice_single_mutations(shipped):
    found = {name: failing(shipped, changed) for name, changed in mutations(shipped[1])}
    assert {name for name, case in found.items() if not case} == EQUIVALENT
    assert len(found) > 100
