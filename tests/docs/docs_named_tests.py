"""Tests that a page names: each must exist."""

from __future__ import annotations

import ast
import functools
import re

from docs_blocks import ROOT

_NAMED = re.compile(r"`([\w/.-]+\.py)::(\w+)`")


def named_tests(text: str) -> list[tuple[str, str]]:
    """The tests in a text: the file, by its path under ``tests``, and the function."""
    return _NAMED.findall(text)


def unknown_tests(text: str) -> list[str]:
    """Those of them that do not exist."""
    return [f"{file}::{name}" for file, name in named_tests(text) if name not in _tests_in(file)]


@functools.cache
def _tests_in(file: str) -> frozenset[str]:
    path = ROOT / "tests" / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )
