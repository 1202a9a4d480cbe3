"""The blocks of a page: what each says, and how it says it is checked.

In front of each block of code stands a comment that no reader sees::

    <!-- file: solutions/hus/solution.toml -->     written to that file
    <!-- append: municipalities/0773.toml -->      added to its end
    <!-- replace: FILE: OLD -->                    OLD, once in the file, becomes the block
    <!-- run -->                                   the lines after "$ " are run, and what
                                                   they print is what is shown
    <!-- run: 1 -->                                as run; the last exit code is 1
    <!-- start -->                                 as run, and goes on running
    <!-- excerpt: FILE -->                         these lines stand in the file
    <!-- parse -->                                 every command, with its options, exists
    <!-- tree -->                                  every path in it exists
    <!-- test: tests/docs/test_x.py::test_y -->    that test reads the block

Three more stand alone: ``<!-- given: NAME -->`` makes the folder that the page
begins in, ``<!-- open: URL: TEXT -->`` gets a page and looks for the text, and
``<!-- order: URL: TEXT -->`` orders a health card as a citizen would, and waits
until the receipt says TEXT of every destination.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
TOP_PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
WAYS = {
    "file",
    "append",
    "replace",
    "run",
    "start",
    "excerpt",
    "parse",
    "tree",
    "test",
    "given",
    "open",
    "order",
}
ALONE = {"given", "open", "order"}

_COMMENT = re.compile(r" *<!-- (?P<way>[a-z]+)(?:: (?P<about>.*?))? -->")
_FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,}|:{3,})(?P<language>\S*)(?P<rest>.*)")


@dataclass(frozen=True)
class Block:
    """A block, or a comment that stands alone; ``way`` is empty where it says nothing."""

    page: Path
    line: int
    language: str
    way: str
    about: str
    text: str

    @property
    def place(self) -> str:
        """Where to look when it is wrong."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """Every page that people read."""
    return [ROOT / name for name in TOP_PAGES] + sorted(DOCS.rglob("*.md"))


def blocks_of(page: Path, text: str | None = None) -> list[Block]:
    """Every block of code on the page, in order; directives of Sphinx are none."""
    lines = (page.read_text(encoding="utf-8") if text is None else text).splitlines()
    return list(_blocks(page, lines))


def _blocks(page: Path, lines: list[str]) -> Iterator[Block]:
    way = about = ""
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        comment, fence = _COMMENT.fullmatch(line), _FENCE.fullmatch(line)
        if comment:
            way, about = comment["way"], comment["about"] or ""
            if way in ALONE:
                yield Block(page, number, "", way, about, "")
                way = about = ""
        elif fence:
            start = number
            closing = fence["indent"] + fence["ticks"]
            while lines[number].rstrip() != closing:
                number += 1
            margin = len(fence["indent"])
            inside = "".join(f"{line[margin:]}\n" for line in lines[start:number])
            number += 1
            if not fence["language"].startswith("{"):
                yield Block(page, start, fence["language"], way, about, inside)
            way = about = ""
        elif line.strip():
            way = about = ""


def unchecked(blocks: list[Block]) -> list[str]:
    """The blocks that nothing checks, and the comments nobody understands."""
    return [
        f"{block.place}: {block.way or 'nothing says how this is checked'}"
        for block in blocks
        if block.way not in WAYS
    ]
