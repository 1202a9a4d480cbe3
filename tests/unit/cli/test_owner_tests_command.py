"""``selvbetjening test``, and the test cases in ``selvbetjening check``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import selvbetjening_solutions
from selvbetjening_core.cli import owner_tests
from selvbetjening_core.cli.check import check
from selvbetjening_core.cli.owner_tests import run_test_cases


def ran(command, *arguments):
    return CliRunner().invoke(command, arguments)


@pytest.fixture
def failing(demo, tmp_path):
    """The demo, with a solution of its own whose first case expects another price."""
    shutil.copytree(demo, tmp_path / "demo")
    solutions = tmp_path / "demo" / "solutions"
    shipped = Path(selvbetjening_solutions.__file__).parent / "sundhedskort"
    shutil.copytree(shipped, solutions / "sundhedskort")
    file = tmp_path / "demo" / "selvbetjening.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('"package:selvbetjening_solutions"', '"solutions"'), "utf-8")
    cases = solutions / "sundhedskort" / "tests.toml"
    cases.write_text(cases.read_text("utf-8").replace('"225.00"', '"226.00"', 1), "utf-8")
    return str(file)


def test_all_pass_in_one_line(demo):
    done = ran(run_test_cases, "-c", str(demo))
    assert done.exit_code == 0
    assert done.output.endswith("test cases, all pass\n")


def test_one_that_fails_ends_with_1(failing):
    done = ran(run_test_cases, "-c", failing, "sundhedskort")
    assert done.exit_code == 1
    assert "expected 226.00 DKK; came 225.00 DKK" in done.output
    assert done.output.endswith("1 failed: lost\n")


def test_for_a_program(failing):
    done = ran(run_test_cases, "-c", failing, "--format", "json")
    told = json.loads(done.output)
    assert done.exit_code == 1
    assert told["solutions"][0]["failed"] == ["lost"]
    assert [one["code"] for one in told["problems"]] == ["test-failed"]


def test_check_tells_it_as_incomplete(failing):
    done = ran(check, "-c", failing, "--format", "json")
    told = {one["code"]: one["severity"] for one in json.loads(done.output)}
    assert done.exit_code == 0
    assert told["test-failed"] == "incomplete"


def test_an_unknown_solution_is_told_with_a_suggestion(demo):
    done = ran(run_test_cases, "-c", str(demo), "sundhedskor")
    assert done.exit_code == 2
    assert 'did you mean "sundhedskort"?' in done.output


def test_without_what_shows_forms_it_says_what_to_install(demo, monkeypatch):
    monkeypatch.setattr(owner_tests, "can_show_forms", lambda: False)
    done = ran(run_test_cases, "-c", str(demo))
    assert done.exit_code == 2
    assert "selvbetjening[web]" in done.output
