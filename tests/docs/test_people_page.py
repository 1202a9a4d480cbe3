"""The fields about people of the page of the definition language."""

from __future__ import annotations

import datetime
import re

import pytest
from tests.docs.test_several_answers_page import HEAD, ROOT

from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.forms.kinds.household import Source, source_of
from selvbetjening_core.problems import Problems

PAGES = ("docs/reference/definition-language.md", "docs/kommune/definition-language.md")
KINDS = {kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS}


@pytest.fixture(params=PAGES)
def page(request):
    return (ROOT / request.param).read_text("utf-8")


def read(tmp_path, block):
    folder = tmp_path / "people"
    folder.mkdir()
    head = HEAD[: HEAD.index("[parameter.weeks]")] + HEAD[HEAD.index("[[destination]]") :]
    (folder / "solution.toml").write_text(head + block, "utf-8")
    problems = Problems()
    found = read_solution(folder, KINDS, datetime.date(2026, 11, 22), problems)
    return found, [one.code for one in problems]


def block_of(page):
    (block,) = re.findall(r"```toml\n(\[step\.help\.child\].*?)```", page, re.DOTALL)
    return block


def test_the_fields_of_the_page_can_be_read(tmp_path, page):
    solution, problems = read(tmp_path, block_of(page))
    assert problems == []
    assert [source_of(one) for one in solution.fields()] == [Source.CUSTODY, Source.HOUSEHOLD]


def test_every_source_and_fact_is_on_the_page(page):
    facts = {f for kind in ("person", "people") for f in KINDS[kind].offers if f}
    told = facts - {"source", "retrieved_at"}
    assert [one for one in (*Source, *told) if f"`{one}`" not in page] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (('"household"', '"everybody"'), "not-an-option"),
        (('"household"', '"self"'), "keys-at-odds"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path, page, wrong, code):
    assert read(tmp_path, block_of(page).replace(*wrong))[1] == [code]


def test_a_condition_cannot_compare_people(tmp_path, page):
    more = """
[step.help.note]
kind = "text"
label.da = "Note"
visible = {}
"""
    asks = {
        '{ movers = "self" }': ["condition-wrong-type"],
        "{ movers = { filled = true } }": [],
        "{ movers.children = { at_least = 1 } }": [],
    }
    for number, (condition, codes) in enumerate(asks.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        block = block_of(page) + more.replace("{}", condition)
        assert read(folder, block)[1] == codes, condition
