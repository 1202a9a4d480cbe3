"""SECURITY.md names commands, environments and items that exist, and no promise without one."""

from __future__ import annotations

import re

import click
import pytest
from docs_blocks import DOCS, ROOT
from docs_commands import misunderstood

from selvbetjening_core.cli.main import main

PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
SUITE = (ROOT / "tests" / "security" / "security.py").read_text(encoding="utf-8")
_COMMAND = re.compile(r"`((?:tox|selvbetjening)(?: [^`]+)?)`")
_PROMISE = re.compile(r"^\| \*\*(.+?)\*\*.* \| (.+) \|$", re.MULTILINE)


def faults(page):
    """What the page names and is not there."""
    return [
        *(command for command in commands(page) if not is_there(command)),
        *(item for item in items(page) if f'"{item}"' not in SUITE),
        *(promise for promise, seen in _PROMISE.findall(page) if not _COMMAND.search(seen)),
    ]


def commands(page):
    return [one.partition(" -- ")[0] for one in _COMMAND.findall(page) if one != "selvbetjening"]


def is_there(command):
    program, *words = command.split()
    if program == "tox":
        return not misunderstood(command)
    group = main
    for word in words:
        if not isinstance(group, click.Group) or word.startswith("-"):
            return True
        group = group.get_command(click.Context(group), word)
        if group is None:
            return False
    return True


def items(page):
    asked = re.findall(r"`tox run -e security -- ([^`]+)`", page)
    return [one for one in asked if not one.startswith("-")]


def test_what_is_promised_can_be_seen():
    assert faults(PAGE) == []
    assert len(_PROMISE.findall(PAGE)) >= 15


def test_every_item_of_the_suite_is_a_promise():
    told = re.search(r"ITEMS = \((.*?)\)", SUITE, re.DOTALL)[1]
    assert set(re.findall(r'"(\w+)"', told)) == set(items(PAGE))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("selvbetjening licences`", "selvbetjening licence`", "selvbetjening licence"),
        ("tox run -e kill9`", "tox run -e kill8`", "tox run -e kill8"),
        ("security -- leak`", "security -- leek`", "leek"),
        ("| `tox` |", "| we say so |", "Prices and facts"),
    ],
)
def test_what_is_not_there_would_be_found(old, new, fault):
    assert faults(PAGE.replace(old, new)) == [fault]


@pytest.mark.parametrize("door", ["municipality", "kommune"])
def test_every_question_of_a_tender_has_a_command_that_exists(door):
    page = (DOCS / door / "how-do-you-know.md").read_text(encoding="utf-8")
    answers = [one for one in commands(page) if one.startswith("selvbetjening")]
    assert len(answers) >= 15
    assert [one for one in answers if not is_there(one)] == []


@pytest.mark.parametrize("command", ["selvbetjening sbum", "selvbetjening audit prove"])
def test_a_command_that_does_not_exist_would_be_found(command):
    assert not is_there(command)
