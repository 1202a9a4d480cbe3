"""Every pattern of ours takes time that grows as its text does, whatever the text is.

A pattern that takes the square of it is a way to hold a server with a few kilobytes.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import selvbetjening_core

SOURCE = Path(selvbetjening_core.__file__).parents[1]
_LENGTHS = (18, 24, 300, 1200, 5000, 20_000, 60_000)
"""Each far enough from the one before that what is slow shows itself, and still ends."""
_LINEAR_SECONDS, _FROM = 0.0005, 1200
"""Of processor time: who is quicker at that length is not looked at any longer."""
_SLOW_SECONDS = 0.4
"""A linear pattern takes a hundredth of it, at the longest."""
_ENDS = ("!", "\n")
_ALWAYS = ("a", "0", " ", "-", '"', '\\"', "\\", "<", "%", ".", "a.", "@", "a@", ":", "{", "/", "é")
_METHODS = frozenset(
    {"compile", "search", "match", "fullmatch", "sub", "split", "findall", "finditer"}
)

PUT_TOGETHER = frozenset(
    {
        "line_causes.py",
        "seal.py",
        "showing.py",
        "skeletons.py",
        "syntax_words.py",
    }
)
"""Where a pattern is put together while it runs: of escaped words, or for what an
installation's own file says. None of them ever reads what a stranger sent."""
OF_OWN_FILES = {"selvbetjening_core.files.line_causes._QUOTED"}
"""Takes the square of one line of an installation's own file, when that line is wrong."""
_ANCHORED = frozenset({"match", "fullmatch"})
"""What looks from the beginning alone."""


def attacks(pattern: str) -> Iterator[str]:
    """What is repeated: every sign and pair of signs that the pattern names, and the usual."""
    named = [one for one in re.sub(r"\\[A-Za-z]", "", pattern) if one.isprintable()]
    signs = list(dict.fromkeys((*_ALWAYS, *named)))[:30]
    yield from signs
    yield from (one + other for one in signs[:5] for other in signs[:5] if one != other)


def slow_attack(pattern: re.Pattern, methods: frozenset[str]) -> str:
    """The sign or signs that hold the pattern up when they are repeated; empty: none do."""
    written = pattern.pattern if _is_text(pattern) else pattern.pattern.decode("latin-1")
    return next((one for one in attacks(written) if _holds_up(pattern, methods, one)), "")


def _holds_up(pattern: re.Pattern, methods: frozenset[str], signs: str) -> bool:
    for length in _LENGTHS:
        seconds = _tried(pattern, methods, signs, length)
        # Once more: a busy machine makes anything slow once.
        if seconds > _SLOW_SECONDS and _tried(pattern, methods, signs, length) > _SLOW_SECONDS:
            return True
        if length >= _FROM and seconds < _LINEAR_SECONDS:
            return False
    return False


def _tried(pattern: re.Pattern, methods: frozenset[str], signs: str, length: int) -> float:
    begun = time.thread_time()
    for end in _ENDS:
        text = signs * length + end
        given = text if _is_text(pattern) else text.encode()
        pattern.fullmatch(given)
        if not methods <= _ANCHORED:
            pattern.search(given)
    return time.thread_time() - begun


def _is_text(pattern: re.Pattern) -> bool:
    return isinstance(pattern.pattern, str)


def files() -> list[Path]:
    """Every module that a site runs: neither templates of new plugins nor the kits."""
    return [
        path
        for path in sorted(SOURCE.glob("selvbetjening_*/**/*.py"))
        if not {"skeletons", "testing"} & set(path.parts) and path.stem != "__main__"
    ]


Used = tuple[re.Pattern, frozenset[str]]


def patterns() -> dict[str, Used]:
    """Every pattern that stands in src, and with which methods it is used."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in files()}
    nodes = [(path, one) for path, tree in trees.items() for one in ast.walk(tree)]
    methods: dict[str, set[str]] = {}
    for _, node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            methods.setdefault(node.value.id, set()).add(node.attr)
    found: dict[str, Used] = {}
    for path in {path: None for path, node in nodes if _uses_re(node)}:
        for name, pattern in _made(path).items():
            used = frozenset(methods.get(name.rpartition(".")[2], ())) & _METHODS
            found[name] = pattern, used or _METHODS
    for path, node in nodes:
        if _uses_re(node) and node.func.attr != "compile":
            if path.name in PUT_TOGETHER and not isinstance(node.args[0], ast.Constant):
                continue
            assert isinstance(node.args[0], ast.Constant), (path, node.lineno)
            pattern = re.compile(node.args[0].value)
            found[f"{path.name}:{node.lineno}"] = pattern, frozenset({node.func.attr})
    return found


def _made(path: Path) -> dict[str, re.Pattern]:
    name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    values = vars(importlib.import_module(name)).items()
    return {f"{name}.{key}": one for key, one in values if isinstance(one, re.Pattern)}


def _uses_re(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in _METHODS
    )


PATTERNS = patterns()


def test_all_are_found():
    assert len(PATTERNS) > 40


@pytest.mark.parametrize("name", sorted(PATTERNS.keys() - OF_OWN_FILES))
def test_takes_time_that_grows_as_the_text_does(name):
    assert slow_attack(*PATTERNS[name]) == ""


@pytest.mark.parametrize("bad", [r"(a+)+b", r"\s+x", r"a*a*b"])
def test_one_that_does_not_is_found(bad):
    assert slow_attack(re.compile(bad), _METHODS)
