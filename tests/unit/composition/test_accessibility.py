"""How old the accessibility statement is."""

from __future__ import annotations

import pytest

LINE = "accessibility_reviewed = 2024-05-01\n"
FILE = "municipalities/0773.toml"


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        (LINE, []),
        ("accessibility_reviewed = 2024-06-01\n", []),
        ("accessibility_reviewed = 2023-06-02\n", []),
        ("accessibility_reviewed = 2023-06-01\n", ["accessibility-old"]),
        ("", ["accessibility-not-dated"]),
    ],
)
def test_the_statement_is_looked_through_each_year(installation, written, codes):
    installation.change(FILE, LINE, written)
    installation.plan()
    found = [one for one in installation.problems if one.code.startswith("accessibility")]
    assert [one.code for one in found] == codes
    assert {one.severity for one in found} <= {"warning"}
    assert {one.place.file.name for one in found} <= {"0773.toml"}


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("accessibility_reviewed = 2024-06-02\n", ["accessibility-not-yet"]),
        ('accessibility_reviewed = "i maj"\n', ["wrong-type"]),
    ],
)
def test_a_date_that_cannot_be(installation, written, codes):
    installation.change(FILE, LINE, written)
    assert installation.errors() == codes


def test_a_demo_has_no_statement_to_date(installation):
    installation.change(FILE, LINE, "")
    installation.change("selvbetjening.toml", '"production"', '"demo"')
    installation.plan()
    assert [one.code for one in installation.problems] == []
