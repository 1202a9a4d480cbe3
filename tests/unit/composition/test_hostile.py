"""Whatever a file says, reading it ends in problems, never in another error."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import selvbetjening_demo
import selvbetjening_solutions
from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import read_plan
from selvbetjening_core.composition.plugins import installed_plugins
from selvbetjening_core.errors import ConfigurationError

DEMO = Path(selvbetjening_demo.__file__).parent / "installation"
SOLUTION = Path(selvbetjening_solutions.__file__).parent / "sundhedskort"
TODAY = datetime.date(2026, 11, 22)
VALUES = (
    "1",
    "-1",
    "1.5",
    "nan",
    "true",
    '"x"',
    '""',
    '" "',
    '"\\u0000"',
    '"da"',
    '"../../x"',
    "[]",
    "{}",
    "[1]",
    '["x", "x"]',
    "[[1]]",
    "[{}]",
    "{ a = 1 }",
    '{ da = "x" }',
    "{ at_least = 1 }",
    "{ any = [ {} ] }",
    "2024-01-01",
    "9999-12-31",
    "0001-01-01",
    "2024-01-01T00:00:00Z",
    "10:00:00",
)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile") / "installation"
    shutil.copytree(DEMO, folder)
    shutil.copytree(SOLUTION, folder / "solutions" / "sundhedskort")
    head = folder / "selvbetjening.toml"
    text = head.read_text(encoding="utf-8")
    head.write_text(text.replace('"package:selvbetjening_solutions"', '"solutions"'))
    return folder


@pytest.fixture(scope="module")
def installed():
    return installed_plugins()


def problems_of(folder, installed):
    try:
        return read_plan(folder / "selvbetjening.toml", register_core, TODAY, installed).problems
    except ConfigurationError as error:
        return error.problems


def read_with(folder, installed, name, change):
    """The problems with one file changed; each has to say what to do."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    file.write_text("\n".join(change(text.split("\n"))), encoding="utf-8")
    try:
        problems = problems_of(folder, installed)
    finally:
        file.write_text(text, encoding="utf-8")
    for problem in problems:
        assert problem.message
        assert problem.advice
        assert problem.place.file.is_relative_to(folder) or problem.place.file.suffix == ".py"
    return problems


FILES = (
    "selvbetjening.toml",
    "plugin_sets/standard.toml",
    "municipalities/0773.toml",
    "municipalities/0751.toml",
    "solutions/sundhedskort/solution.toml",
)
NAMES = st.sampled_from(FILES)
often = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_the_unchanged_files_are_right(files, installed):
    assert problems_of(files, installed).count_errors() == 0


def keys_of(rows):
    return [number for number, row in enumerate(rows) if " = " in row and row[0] != "#"]


def with_value(rows, number, value):
    key, _, _ = rows[number].partition("=")
    return [*rows[:number], f"{key}= {value}", *rows[number + 1 :]]


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_type_anywhere_is_an_error(files, installed, name):
    value = "10:00:00"  # a time of day is right nowhere
    rows = (files / name).read_text(encoding="utf-8").split("\n")
    for number in keys_of(rows):
        problems = read_with(
            files, installed, name, lambda rows, n=number: with_value(rows, n, value)
        )
        assert problems.count_errors(), rows[number]


@often
@given(name=NAMES, at=st.floats(0, 0.999), value=st.sampled_from(VALUES))
def test_another_value(files, installed, name, at, value):
    def change(rows):
        keys = keys_of(rows)
        return with_value(rows, keys[int(at * len(keys))], value)

    read_with(files, installed, name, change)


@often
@given(name=NAMES, at=st.floats(0, 0.999), number=st.integers(1, 4))
def test_lines_left_out(files, installed, name, at, number):
    def change(rows):
        start = int(at * len(rows))
        return [*rows[:start], *rows[start + number :]]

    read_with(files, installed, name, change)


@often
@given(name=NAMES, first=st.floats(0, 0.999), second=st.floats(0, 0.999))
def test_lines_moved(files, installed, name, first, second):
    def change(rows):
        start, to = (int(one * len(rows)) for one in (first, second))
        row, rest = rows[start], [*rows[:start], *rows[start + 1 :]]
        return [*rest[:to], row, *rest[to:]]

    read_with(files, installed, name, change)


@often
@given(name=NAMES, at=st.floats(0, 0.999), letter=st.sampled_from("aæ_.\"'[]{}=#1\n\t "))
def test_a_slip_of_the_finger(files, installed, name, at, letter):
    def change(rows):
        text = "\n".join(rows)
        start = int(at * len(text))
        return [text[:start] + letter + text[start + 1 :]]

    read_with(files, installed, name, change)
