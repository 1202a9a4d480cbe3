"""What a clerk is told: of mistakes in tests.toml, and of cases that fail."""

from __future__ import annotations

import dataclasses
import datetime
import shutil
from pathlib import Path

import pytest

import selvbetjening_demo
import selvbetjening_solutions
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.owner_tests.running import run_tests
from selvbetjening_core.problems import Place, Problems, Severity

NAME = "sundhedskort"
LOST = """
[case.lost]
on = 2026-03-02

[case.lost.answers]
holder          = "self"
cause           = "lost"
proof           = false
cancel_old_card = true
"""


@pytest.fixture(scope="module")
def plan():
    file = Path(selvbetjening_demo.__file__).parent / "installation" / "selvbetjening.toml"
    return read_plan(file, register_core, datetime.date(2026, 3, 2))


@pytest.fixture
def told(plan, tmp_path):
    """Run these cases in place of the shipped ones; what is told, as (line, code, message)."""
    shipped = Path(selvbetjening_solutions.__file__).parent / NAME / "solution.toml"
    shutil.copy(shipped, tmp_path)

    def told(cases):
        (tmp_path / "tests.toml").write_text(cases, "utf-8")
        problems = Problems()
        run_tests(moved(plan, tmp_path), now, problems, Severity.ERROR, [NAME])
        return [(one.place.line, one.code, one.message) for one in problems]

    return told


def now():
    return datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)


def moved(plan, folder):
    """The plan, with the solution's file in another folder."""
    files = {}
    for code, file in plan.municipalities.items():
        offered = file.solutions[NAME]
        written = offered.solution.place
        place = Place(folder / "solution.toml", written.line, written.path)
        solution = dataclasses.replace(offered.solution, place=place)
        other = {NAME: dataclasses.replace(offered, solution=solution)}
        files[code] = dataclasses.replace(file, solutions=other)
    return dataclasses.replace(plan, municipalities=files)


def expecting(text):
    return f"{LOST}\n[case.lost.expect]\n{text}\n"


def test_a_case_that_comes_out_tells_nothing(told):
    assert told(expecting('accepted = true\nprice = "225.00"')) == []


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ('price = "220.00"', "price: expected 220.00 DKK; came 225.00 DKK"),
        ('price_text = "Gratis"', "price_text: expected Gratis; came Kortet er væk"),
        ('steps = ["person"]', "steps: expected person; came person, reason, sending, consent"),
        ('fields = ["holder"]', "fields: expected holder; came holder, cause, address, proof"),
        ('destinations = ["case_system"]', "came case_system, notification"),
        ('offered.proof = ["ja"]', "offered.proof: expected ja; came "),
        ('summary.holder = "Ib"', "summary.holder: expected Ib; came Prøve Borger"),
        ('receipt.correct = "Ring"', "receipt.correct: expected Ring; came Ring til os"),
        ("accepted = false", "the answers are accepted, and were not to be"),
    ],
)
def test_each_expectation_can_fail(told, expected, message):
    ((line, code, said),) = told(expecting(expected))
    assert (line, code) == (12, "test-failed")
    assert said.startswith('test case "lost": ')
    assert message in said


def test_an_error_that_came_is_told(told):
    cases = expecting("accepted = true").replace('cause           = "lost"\n', "")
    ((line, code, said),) = told(cases)
    assert (line, code) == (11, "test-failed")
    assert 'came: cause: "Vælg, hvorfor du skal bruge et nyt kort"' in said


def test_an_error_expected_that_does_not_come(told):
    said = [message for _, _, message in told(expecting('errors.cause = "Vælg"'))]
    assert any("errors.cause: expected Vælg; came nothing" in one for one in said)


def test_a_field_that_is_not_shown_cannot_be_answered(told):
    cases = expecting("accepted = true").replace("proof  ", 'doctor = "L"\nproof  ')
    ((line, code, said),) = told(cases)
    assert (line, code) == (8, "test-failed")
    assert '"doctor" is answered, and is not shown with these answers' in said


def test_an_option_that_is_misspelt(told):
    (line, _, said), *_ = told(expecting("accepted = true").replace('"lost"', '"lots"'))
    assert line == 7
    assert '"cause" cannot be answered by "lots"; did you mean "lost"?' in said


def test_the_municipality_decides_the_parameters(told):
    child = LOST.replace('"self"', '"child-1"').replace(
        "on = 2026-03-02", "on = 2026-03-02\nwho = { children = [{ age = 14 }] }"
    )
    there = child.replace("on = ", 'municipality = "0773"\non = ')
    assert told(f'{there}\n[case.lost.expect]\nprice = "0.00"\n') == []
    assert told(f'{child}\n[case.lost.expect]\nprice = "225.00"\n') == []


def test_a_register_that_is_down(told):
    cases = LOST.replace("on = 2026-03-02", "on = 2026-03-02\nwho = { in_register = false }")
    assert told(f'{cases}\n[case.lost.expect]\nsummary.holder = "Prøve Borger"\n') == []


@pytest.mark.parametrize(
    ("cases", "code", "message"),
    [
        (expecting(""), "test-expects-nothing", "says nothing of what is to come out"),
        (expecting("acepted = true"), "unknown-key", 'did you mean "accepted"?'),
        (LOST, "missing-key", '"expect" is missing'),
        (expecting('price = "225,00"'), "bad-amount", "225,00"),
        (expecting('steps = ["persom"]'), "not-an-option", 'did you mean "person"?'),
        (expecting("a = 1").replace("cause ", "casue "), "unknown-key", 'did you mean "cause"?'),
        (
            expecting("accepted = true").replace("on = ", 'municipality = "0774"\non = '),
            "not-an-option",
            'did you mean "0773"?',
        ),
        (
            expecting("accepted = true").replace("on = ", "parameters = { free = true }\non = "),
            "unknown-key",
            'unknown key "free"',
        ),
        (
            expecting("accepted = true").replace("on = ", 'who = { age = "40" }\non = '),
            "wrong-type",
            '"age" is a text',
        ),
        ("[casee.lost]\n", "unknown-key", 'did you mean "case"?'),
    ],
)
def test_mistakes_are_told(told, cases, code, message):
    assert any(one == code and message in said for _, one, said in told(cases))


def test_without_a_file_there_are_no_cases(plan, tmp_path):
    problems = Problems()
    (result,) = run_tests(moved(plan, tmp_path), now, problems, Severity.ERROR)
    assert (result.count, result.has_file, len(problems)) == (0, False, 0)
