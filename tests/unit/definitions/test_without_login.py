"""A solution without login: what it cannot have is told with file and line, all at once."""

from __future__ import annotations

import pytest
from tests.unit.definitions.conftest import HEAD

NONE = HEAD.replace('level    = "low"', 'level    = "none"')
QUESTION = """
[step.one]
title.da = "Hvor?"

[step.one.road]
kind     = "text"
label.da = "Vej"
"""
PERSON = """
[step.one]
title.da = "Hvem?"

[step.one.holder]
kind     = "person"
label.da = "Hvem er det til?"
from     = "self"
"""


def test_it_is_read_and_nobody_logs_in(define):
    found = define(QUESTION, head=NONE)
    assert found.codes == []
    assert found.solution.level is None
    assert not found.solution.needs_login


def test_with_a_level_one_logs_in(define):
    assert define(QUESTION, head=HEAD).solution.needs_login


def test_it_asks_nothing_about_who_is_logged_in(define):
    assert "needs-login" not in define(PERSON, head=HEAD).codes, "negative control"
    assert define(PERSON, head=NONE).codes == ["needs-login"]


@pytest.mark.parametrize("basis", ['["custody"]', '["self", "custody"]'])
def test_nobody_acts_for_another(define, basis):
    head = NONE.replace('may_act  = ["self"]', f"may_act  = {basis}")
    assert define(QUESTION, head=head).codes == ["needs-login"]


def test_the_problem_has_its_line(define):
    found = define(PERSON, head=NONE)
    (problem,) = [one for one in found.problems if one.code == "needs-login"]
    lines = f"{NONE}\n{PERSON}".splitlines()
    assert lines[problem.place.line - 1] == "[step.one.holder]"
