"""The municipality's door is there in Danish, page by page and block by block."""

from __future__ import annotations

import re

import pytest
from docs_blocks import DOCS, blocks_of

ENGLISH, DANISH = DOCS / "municipality", DOCS / "kommune"
# The reference that municipalities share with others, where it is not generated.
SHARED = {"installation-files.md", "definition-language.md"}
PAGES = sorted(page.name for page in ENGLISH.glob("*.md"))


def told(page):
    """What a page shows and how it is checked, without its prose."""
    return [(block.way, block.about, block.language, block.text) for block in blocks_of(page)]


def english(name):
    return (DOCS / "reference" if name in SHARED else ENGLISH) / name


def shape(page):
    """The levels of the headings and the sizes of the tables."""
    block = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
    text = block.sub("", page.read_text(encoding="utf-8"))
    headings = [len(level) for level in re.findall(r"^(#+) ", text, re.MULTILINE)]
    return headings, len(re.findall(r"^\|", text, re.MULTILINE))


def test_both_doors_have_the_same_pages():
    assert {*PAGES, *SHARED} == {page.name for page in DANISH.glob("*.md")}


@pytest.mark.parametrize("name", [*PAGES, *sorted(SHARED)])
def test_both_pages_have_the_same_blocks(name):
    assert told(DANISH / name) == told(english(name))


@pytest.mark.parametrize("name", [name for name in PAGES if name != "reference.md"])
def test_both_pages_have_the_same_headings_and_tables(name):
    assert shape(DANISH / name) == shape(english(name))


def test_the_danish_door_says_what_it_does_not_have_in_danish():
    text = (DANISH / "reference.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("|") and "](../reference/" in line:
            assert "(på engelsk)" in line


def test_a_block_that_was_changed_on_one_side_alone_is_found():
    name = "change-a-fee.md"
    text = (DANISH / name).read_text(encoding="utf-8")
    assert '"230.00"' in text
    planted = blocks_of(DANISH / name, text.replace('"230.00"', '"240.00"'))
    assert [block.text for block in planted] != [block.text for block in blocks_of(ENGLISH / name)]
