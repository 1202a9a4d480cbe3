"""The page of ASVS has every requirement once, with a state, and tests that exist."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from docs_blocks import DOCS, ROOT
from docs_named_tests import named_tests, unknown_tests

PAGE = (DOCS / "reference" / "asvs.md").read_text(encoding="utf-8")
STATES = ("met", "not applicable", "open")
# How many the standard has at levels 1 and 2.
REQUIREMENTS = 253
# The standard's own list is not ours to hand on; where it is at hand, it is the measure.
LIST = Path(os.environ.get("SELVBETJENING_ASVS", ROOT.parent / "shared" / "asvs"))
_ROW = re.compile(r"^\| (V[\d.]+) \| (\d) \| ([a-z ]+) \| (.+?) \| (.+) \|$", re.MULTILINE)
_SUM = re.compile(r"^\| together \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def faults(page):
    """What is wrong with the page, by requirement."""
    rows = _ROW.findall(page)
    times = Counter(number for number, *_ in rows)
    return [
        *(f"{number} stands {count} times" for number, count in times.items() if count > 1),
        *(fault for row in rows for fault in faults_of(*row)),
    ]


def faults_of(number, _level, state, _about, shown):
    if state not in STATES:
        return [f"{number} is {state}"]
    if state == "met" and not named_tests(shown):
        return [f"{number} is met and names no test"]
    if state != "met" and named_tests(shown):
        return [f"{number} is {state} and names a test"]
    return [f"{number}: there is no {one}" for one in unknown_tests(shown)]


@pytest.fixture(scope="module")
def official():
    file = LIST / "ASVS-5.0.0.csv"
    if not file.is_file():
        pytest.skip("the standard's list is not at hand")
    with file.open(encoding="utf-8", newline="") as lines:
        return [one for one in csv.DictReader(lines) if one["L"] in "12"]


def test_every_row_is_right():
    assert faults(PAGE) == []


def test_the_sums_are_those_of_the_rows():
    states = Counter(state for _, _, state, *_ in _ROW.findall(PAGE))
    assert [int(one) for one in _SUM.findall(PAGE)[0]] == [states[state] for state in STATES]
    assert sum(states.values()) == REQUIREMENTS


def test_every_requirement_of_the_standard_is_there_with_its_level(official):
    ours = {number: level for number, level, *_ in _ROW.findall(PAGE)}
    assert ours == {one["req_id"]: one["L"] for one in official}


def test_the_words_are_our_own(official):
    """No run of eight words of the standard's."""
    ours = runs_of(PAGE)
    assert [one["req_id"] for one in official if ours & runs_of(one["req_description"])] == []


def runs_of(text):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + 8]) for at in range(len(words) - 7)}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("| V1.1.1 | 2 | met |", "| V1.1.1 | 2 | perhaps |", "V1.1.1 is perhaps"),
        ("| V1.1.2 |", "| V1.1.1 |", "V1.1.1 stands 2 times"),
        ("| V1.2.6 | 2 | not applicable |", "| V1.2.6 | 2 | met |", "V1.2.6 is met and names no"),
        (
            "::test_reads_what_a_browser_writes`",
            "::test_no_such`",
            "V1.1.1: there is no unit/forms/test_parse.py::test_no_such",
        ),
    ],
)
def test_what_is_wrong_would_be_found(old, new, fault):
    assert old in PAGE
    assert any(one.startswith(fault) for one in faults(PAGE.replace(old, new, 1)))
