"""The page of threats has all 25, and what it names in code and tests exists."""

from __future__ import annotations

import re

import pytest
from docs_blocks import DOCS, ROOT
from docs_named_tests import named_tests, unknown_tests

PAGE = (DOCS / "explanation" / "threat-model.md").read_text(encoding="utf-8")
THREATS = 25
_ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
_CODE = re.compile(r"`(selvbetjening_[\w/.]+)`")


def faults(page):
    """What is wrong with the page."""
    rows = _ROW.findall(page)
    numbers = [int(number) for number, *_ in rows]
    return [
        *([] if numbers == list(range(1, THREATS + 1)) else [f"numbered {numbers}"]),
        *(f"{number} names no code" for number, _, _, where, _ in rows if not _CODE.search(where)),
        *(f"{number} names no test" for number, *_, shown in rows if not named_tests(shown)),
        *(f"there is no {one}" for one in _CODE.findall(page) if not is_there(one)),
        *(f"there is no {one}" for one in unknown_tests(page)),
    ]


def is_there(path):
    return (ROOT / "src" / path).exists() or (ROOT / "src" / "plugins" / path).exists()


def test_the_page_is_right():
    assert faults(PAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("\n| 7 |", "\n| 8 |", "numbered"),
        ("journey/judging.py", "journey/judge.py", "there is no selvbetjening_core/journey/judge"),
        (
            "::test_a_changed_price`",
            "::test_gone`",
            "there is no functional/test_forged.py::test_g",
        ),
    ],
)
def test_what_is_wrong_would_be_found(old, new, fault):
    assert old in PAGE
    assert any(one.startswith(fault) for one in faults(PAGE.replace(old, new)))
