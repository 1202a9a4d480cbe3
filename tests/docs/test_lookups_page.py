"""The fields that are looked up, of the page of the definition language."""

from __future__ import annotations

import datetime
import re

import pytest
from tests.docs.test_several_answers_page import HEAD, ROOT

from selvbetjening_core.composition.roles import roles_of
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.interfaces import ILookup
from selvbetjening_core.problems import Problems

PAGES = ("docs/reference/definition-language.md", "docs/kommune/definition-language.md")
KINDS = {kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS}


@pytest.fixture(params=PAGES)
def page(request):
    return (ROOT / request.param).read_text("utf-8")


def read(tmp_path, block):
    folder = tmp_path / "moves"
    folder.mkdir()
    head = HEAD[: HEAD.index("[parameter.weeks]")] + HEAD[HEAD.index("[[destination]]") :]
    helped = '[step.help.more]\nkind = "yes_no"\nlabel.da = "Mere?"\n\n'
    where = '[step.where]\ntitle.da = "Hvor?"\n\n'
    (folder / "solution.toml").write_text(head + helped + where + block, "utf-8")
    problems = Problems()
    found = read_solution(folder, KINDS, datetime.date(2026, 11, 22), problems)
    return found, [one.code for one in problems]


def block_of(page):
    (block,) = re.findall(r"```toml\n(\[step\.where\.home\].*?)```", page, re.DOTALL)
    return block


def test_the_fields_of_the_page_can_be_read(tmp_path, page):
    solution, problems = read(tmp_path, block_of(page))
    assert problems == []
    asked = [role.name for role in roles_of(solution) if role.contract is ILookup]
    assert asked == ["addresses", "plates"]


def test_the_role_has_to_be_named(tmp_path, page):
    block = block_of(page).replace('role     = "plates"\n', "")
    assert read(tmp_path, block)[1] == ["missing-key"]


def test_in_a_group_it_is_told(tmp_path, page):
    group = '[group.place.home]\nkind = "address"\nlabel.da = "Adresse"\n\n'
    uses = '\n[step.elsewhere.place]\nkind = "group"\ngroup = "place"\nlabel.da = "Sted"\n'
    assert read(tmp_path, block_of(page) + uses + group)[1] == ["kind-not-in-group"]
