"""Every block on every page is right: files are written, commands run, outputs compared."""

from __future__ import annotations

from dataclasses import replace

import docs_workshop
import pytest
from docs_blocks import DOCS, ROOT, Block, blocks_of, pages, unchecked
from docs_commands import misunderstood
from docs_given import GIVEN
from docs_workshop import Workshop, Wrong

# A Danish page has the very blocks of its English twin: test_danish_door holds that.
FOLLOWED = [
    page
    for page in pages()
    if DOCS / "kommune" not in page.parents and any(block.way for block in blocks_of(page))
]


def page_name(page):
    return str(page.relative_to(ROOT))


def block(way, text="", about=""):
    return Block(ROOT / "docs" / "planted.md", 1, "console", way, about, text)


@pytest.fixture
def workshop(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    return Workshop(folder, GIVEN)


@pytest.mark.parametrize("page", pages(), ids=page_name)
def test_every_block_says_how_it_is_checked(page):
    assert unchecked(blocks_of(page)) == []


@pytest.mark.fetched
@pytest.mark.parametrize("page", FOLLOWED, ids=page_name)
def test_the_page_does_what_it_says(page, workshop):
    workshop.follow(blocks_of(page))


def test_there_are_pages_to_follow():
    names = {page_name(page) for page in FOLLOWED}
    assert {
        "README.md",
        "docs/vendor/first-plugin.md",
        "docs/municipality/first-municipality.md",
        "docs/embedder/first-form.md",
    } <= names


# -- planted faults: each must turn the check red ---------------------------------


def test_a_block_that_nothing_checks_is_found():
    planted = "Words.\n\n```toml\na = 1\n```\n"
    assert unchecked(blocks_of(DOCS / "planted.md", planted)) == [
        "docs/planted.md:3: nothing says how this is checked"
    ]
    misspelt = f"<!-- fiel: x -->\n{planted[8:]}"
    assert unchecked(blocks_of(DOCS / "planted.md", misspelt)) == ["docs/planted.md:2: fiel"]


def test_a_comment_counts_for_the_next_block_alone():
    planted = "<!-- parse -->\n```\ntox\n```\n\n```\ntox\n```\n"
    assert len(unchecked(blocks_of(DOCS / "planted.md", planted))) == 1
    apart = "<!-- parse -->\nWords between.\n```\ntox\n```\n"
    assert len(unchecked(blocks_of(DOCS / "planted.md", apart))) == 1


PLANTED = {
    "another output": block("run", "$ selvbetjening --version\nselvbetjening, version 99\n"),
    "another exit code": block("run", "$ false\n"),
    "an option that does not exist": block("parse", "$ selvbetjening check --colour\n"),
    "a tox environment that does not exist": block("parse", "$ tox run -e nothing\n"),
    "an extra that does not exist": block("parse", "$ pip install selvbetjening[nothing]\n"),
    "a file that is not there": block("append", "a = 1\n", "municipalities/0773.toml"),
    "lines that are not there": block("excerpt", "not so\n", "README.md"),
    "a path that is not there": block("tree", "nowhere.toml   a file\n"),
    "a test that is not there": block("test", "", "tests/docs/test_blocks.py::test_nothing"),
    "a start that is not there": block("given", "", "nothing at all"),
    "a server that ends": block("start", "$ echo no\nserving\n"),
    "an order where nobody serves": block("order", "", "http://localhost:8080/x: Kommet frem"),
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_wrong_block_is_found(planted, workshop):
    with pytest.raises(Wrong, match=r"docs/planted\.md:1"):
        workshop.follow([planted])


def test_a_wrong_setting_in_a_shown_file_is_found(workshop):
    blocks = blocks_of(DOCS / "municipality" / "choose-vendors.md")
    spoilt = [
        Block(
            one.page, one.line, one.language, one.way, one.about, one.text.replace("path ", "paht ")
        )
        for one in blocks
    ]
    assert spoilt != blocks
    with pytest.raises(Wrong, match="selvbetjening why"):
        workshop.follow(spoilt)


def test_two_roles_that_share_a_folder_are_found_by_the_order(workshop, monkeypatch):
    """One submission's second parcel is parked there: the reader would be told otherwise."""
    page = blocks_of(DOCS / "municipality" / "first-municipality.md")
    spoilt = [
        replace(one, text=one.text.replace('= "notice"', '= "journal"'))
        for one in page
        if one.way != "open" and "check" not in one.text and " why " not in one.text
    ]
    # What will not come is waited for less; a command may take as long as ever.
    order = docs_workshop.order
    monkeypatch.setattr(docs_workshop, "order", lambda url, arrived, _: order(url, arrived, 10))
    with pytest.raises(Wrong, match=r"an order at .*does not say 'Kommet frem'"):
        workshop.follow(spoilt)


@pytest.mark.parametrize(
    "command",
    [
        "selvbetjening check --format json",
        ".venv/bin/tox run -e demo -- --port 8231",
        "python3 -m venv .venv && .venv/bin/pip install tox && .venv/bin/tox",
    ],
)
def test_right_commands_are_understood(command):
    assert misunderstood(command) == ""
