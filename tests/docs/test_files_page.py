"""The field with files of the page of the definition language."""

from __future__ import annotations

import datetime
import re

import pytest
from tests.docs.test_several_answers_page import HEAD, ROOT

from selvbetjening_core.composition.roles import SCANNER, roles_of
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.forms.kinds.files import field_limits, wanted_types
from selvbetjening_core.problems import Problems
from selvbetjening_core.uploads.limits import MEGABYTE, UploadLimits
from selvbetjening_core.uploads.types import FILE_TYPES

PAGES = ("docs/reference/definition-language.md", "docs/kommune/definition-language.md")
KINDS = {kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS}


@pytest.fixture(params=PAGES)
def page(request):
    return (ROOT / request.param).read_text("utf-8")


def read(tmp_path, block):
    folder = tmp_path / "papers"
    folder.mkdir()
    head = HEAD[: HEAD.index("[parameter.weeks]")] + HEAD[HEAD.index("[[destination]]") :]
    (folder / "solution.toml").write_text(head + block, "utf-8")
    problems = Problems()
    found = read_solution(folder, KINDS, datetime.date(2026, 11, 22), problems)
    return found, [one.code for one in problems]


def block_of(page):
    (block,) = re.findall(r"```toml\n(\[step\.help\.papers\].*?)```", page, re.DOTALL)
    return block


def test_the_field_of_the_page_can_be_read(tmp_path, page):
    solution, problems = read(tmp_path, block_of(page))
    assert problems == []
    (field,) = solution.fields()
    assert wanted_types(field) == ("pdf", "jpg", "docx")
    assert field_limits(field, UploadLimits()) == UploadLimits(5 * MEGABYTE, 3)
    assert field_limits(field, UploadLimits(MEGABYTE, 2)) == UploadLimits(MEGABYTE, 2)
    assert SCANNER in [role.name for role in roles_of(solution)]
    # Each type is named on the page.
    assert all(f"`{name}`" in page for name in FILE_TYPES)


@pytest.mark.parametrize(
    ("types", "code"), [('["pdf", "exe"]', "not-an-option"), ("[]", "empty-list")]
)
def test_a_type_that_is_none_is_told(tmp_path, page, types, code):
    block = block_of(page).replace('["pdf", "jpg", "docx"]', types)
    assert read(tmp_path, block)[1] == [code]
