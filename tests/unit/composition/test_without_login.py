"""A solution without login, and components that need to know who somebody is."""

from __future__ import annotations

import pytest

from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.values import Data


@pytest.fixture
def digital_post(installation, make):
    """A plugin that can do nothing without a CPR number, bound to the solution's destination."""

    def bind(level, **declared):
        offered = make.offering(IDelivery, make.Journal, **declared)
        installation.plugin("post", offered)
        installation.plugin_set()
        file = "municipalities/0773.toml"
        installation.change(file, "[roles]", '[component.post]\nplugin = "post"\n\n[roles]')
        installation.change(file, 'case_system = "journal"', 'case_system = "post"')
        solution = "solutions/permit/solution.toml"
        installation.change(solution, 'level    = "low"', f'level    = "{level}"')
        return installation

    return bind


@pytest.mark.parametrize("data", [Data.CPR, Data.NAME, Data.ADDRESS])
def test_what_needs_a_person_serves_no_solution_without_login(digital_post, data):
    site = digital_post("none", reads=[data], needs=[data])
    assert site.errors() == ["needs-login"]
    (problem,) = [one for one in site.problems if one.code == "needs-login"]
    row = problem.place.file.read_text("utf-8").splitlines()[problem.place.line - 1]
    assert row == 'case_system = "post"'
    assert f'"post" (plugin "post") needs {data}' in problem.message


def test_with_login_it_does(digital_post):
    assert digital_post("low", reads=[Data.CPR], needs=[Data.CPR]).errors() == []


def test_what_reads_and_does_not_need_it_does(digital_post):
    assert digital_post("none", reads=[Data.CPR]).errors() == []


def test_what_needs_answers_alone_does(digital_post):
    assert digital_post("none", reads=[Data.ANSWERS], needs=[Data.ANSWERS]).errors() == []


def test_what_is_needed_is_read(digital_post):
    assert digital_post("low", needs=[Data.CPR]).errors() == ["plugin-broken"]


def test_nobody_has_to_log_anybody_in(installation):
    """Where nobody logs in, neither a login nor a register is needed."""
    file = "municipalities/0773.toml"
    for row in ('identity    = "login"\n', 'register    = "people"\n'):
        installation.change(file, row, "")
    assert installation.errors() == ["role-without-component"] * 2
    installation.change("solutions/permit/solution.toml", 'level    = "low"', 'level    = "none"')
    assert installation.errors() == []
