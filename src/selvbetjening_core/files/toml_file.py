"""TOML files whose every key knows its line.

``tomllib`` gives the values and judges the syntax; ``tree-sitter`` gives the
lines, which no TOML library in Python reports.
"""

from __future__ import annotations

import ast
import codecs
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import tree_sitter
import tree_sitter_toml

from selvbetjening_core.files.line_causes import cause_in
from selvbetjening_core.files.syntax_words import in_plain_words
from selvbetjening_core.problems import Place, Problems

KeyPath = tuple[str | int, ...]

_AT_END = " (at end of document)"
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_VALUES_WITH_KEYS = ("array", "inline_table")


@dataclass(frozen=True)
class TomlFile:
    """A parsed file: its data, and where each key path stands.

    ``written`` are the bytes read, without a byte order mark; ``sha256`` is that of
    all of them.
    """

    file: Path
    data: Mapping[str, Any]
    written: bytes = field(repr=False)
    sha256: str

    @cached_property
    def lines(self) -> Mapping[KeyPath, int]:
        """The line of each key path; looked for when a place is shown."""
        return _lines(self.written)

    def place(self, path: KeyPath = ()) -> Place:
        """Where ``path`` stands; the nearest table above it where it is missing."""
        return Place(self.file, partial(self._line, path), dotted(path))

    def _line(self, path: KeyPath) -> int:
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return self.lines.get(known, 0)


def dotted(path: KeyPath) -> str:
    """A key path as written in messages: ``price[2].amount`` (counted from 1)."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text


def load_toml(file: Path, problems: Problems) -> TomlFile | None:
    """Read ``file``. What is wrong with it goes to ``problems``; then None."""
    try:
        raw = file.read_bytes()
        # Some editors on Windows begin a UTF-8 file with a byte order mark.
        text = raw.removeprefix(codecs.BOM_UTF8)
        data = tomllib.loads(text.decode("utf-8"))
    except OSError as error:
        problems.error(
            "file-unreadable",
            Place(file),
            f"the file cannot be read: {error.strerror}",
            "check that it exists and that you may read it",
        )
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problems.error(
            "file-not-utf8",
            Place(file, line),
            "the file is not UTF-8",
            "save it as UTF-8 (in the editor: Save as, Encoding)",
        )
    except ValueError as error:
        # Mostly a TOMLDecodeError; a number of thousands of digits is a plain one.
        _report_syntax(file, str(error), raw, problems)
    except RecursionError:
        _report_syntax(file, "lists or tables are nested too deep", raw, problems)
    else:
        return TomlFile(file, data, text, hashlib.sha256(raw).hexdigest())
    return None


def _report_syntax(file: Path, message: str, raw: bytes, problems: Problems) -> None:
    match = _AT_LINE.search(message)
    lines = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8").split("\n")
    line = int(match.group(1)) if match else len(raw.splitlines())
    said = _AT_LINE.sub("", message).removesuffix(_AT_END)
    what, advice = cause_in(lines, line, said) or in_plain_words(said)
    problems.error("toml-syntax", Place(file, line), what, advice)


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))


def _lines(raw: bytes) -> dict[KeyPath, int]:
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    for node in _parser().parse(raw).root_node.named_children:
        if node.type == "pair":
            _pair(node, (), lines)
        elif node.type in ("table", "table_array_element"):
            _header(node, lines, counts)
    return lines


def _header(node: tree_sitter.Node, lines: dict[KeyPath, int], counts: dict[KeyPath, int]) -> None:
    key, *pairs = (child for child in node.named_children if child.type != "comment")
    path = _resolve(_key_parts(key), counts)
    if node.type == "table_array_element":
        position = counts.get(path, 0)
        counts[path] = position + 1
        lines.setdefault(path, _line(node))
        path = (*path, position)
    _remember(path, _line(node), lines)
    for pair in pairs:
        _pair(pair, path, lines)


def _resolve(parts: tuple[str, ...], counts: Mapping[KeyPath, int]) -> KeyPath:
    """A header's path, with the position of the latest element of each array in it."""
    path: KeyPath = ()
    for number, part in enumerate(parts, start=1):
        path = (*path, part)
        if number < len(parts) and path in counts:
            path = (*path, counts[path] - 1)
    return path


def _pair(node: tree_sitter.Node, table: KeyPath, lines: dict[KeyPath, int]) -> None:
    key, value = (child for child in node.named_children if child.type != "comment")
    path = (*table, *_key_parts(key))
    _remember(path, _line(node), lines)
    _value(value, path, lines)


def _value(node: tree_sitter.Node, path: KeyPath, lines: dict[KeyPath, int]) -> None:
    if node.type == "inline_table":
        for pair in node.named_children:
            if pair.type == "pair":
                _pair(pair, path, lines)
    elif node.type == "array":
        values = [child for child in node.named_children if child.type != "comment"]
        for position, value in enumerate(values):
            lines.setdefault((*path, position), _line(value))
            if value.type in _VALUES_WITH_KEYS:
                _value(value, (*path, position), lines)


def _remember(path: KeyPath, line: int, lines: dict[KeyPath, int]) -> None:
    # The tables above a dotted key have no line of their own; the first key in
    # them is where a reader would look.
    for length in range(1, len(path)):
        lines.setdefault(path[:length], line)
    lines[path] = line


def _key_parts(node: tree_sitter.Node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(part for child in node.named_children for part in _key_parts(child))
    text = (node.text or b"").decode("utf-8")
    if node.type == "quoted_key":
        # The escapes of a basic TOML string are among those of Python.
        return (text[1:-1] if text.startswith("'") else str(ast.literal_eval(text)),)
    return (text,)


def _line(node: tree_sitter.Node) -> int:
    return node.start_point[0] + 1
