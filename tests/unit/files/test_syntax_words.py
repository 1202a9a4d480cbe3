"""A file that is not TOML is explained to the person who wrote it."""

from __future__ import annotations

import inspect
import re
import tomllib

import pytest

from selvbetjening_core.files import load_toml
from selvbetjening_core.files.syntax_words import in_plain_words
from selvbetjening_core.problems import Problems


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = Mors", "is no text in quotes, number, date"),
        ("name Mors", "a word stands where name = value should"),
        ("[contact", "has no ] at its end"),
        ('hosts = ["a" "b"]', "lacks a comma"),
        ('hosts = ["a"', "is not ended, or lacks a comma"),
        ("a = { b = 1", "a { is not ended by }"),
        ('name = "Mors', "is not ended by one"),
        ('path = "C:\\mors"', "holds a \\ that stands for nothing"),
        ("a.b = 1\na.b.c = 2", "a key is written twice in one table"),
        ("a = {b = 1}\n[a.b]", "a heading is written twice"),
        ("= 1", "begins with a character that no key begins with"),
        ("day = 2024-02-31", "there is no such date"),
        ('a = "b" c', "something stands after the end of a value"),
        ("a = {b = 1, b = 2}", "between { and }"),
    ],
)
def test_in_plain_words(tmp_path, text, told):
    file = tmp_path / "x.toml"
    file.write_text(text, encoding="utf-8")
    problems = Problems()
    assert load_toml(file, problems) is None
    (problem,) = problems
    assert problem.code == "toml-syntax"
    assert told in problem.message
    assert "TOML" not in problem.message
    assert problem.advice


def test_nothing_of_the_parsers_own_is_left_without_words():
    """Another Python may say it otherwise: then it is told as the parser says it."""
    said = re.findall(r'suffixed_err\(\s*\w+, \w+, f?"([^"]+)"', inspect.getsource(tomllib._parser))
    said = [re.sub(r"{.*?}", "'x'", one) for one in said]
    left = [one for one in said if "not TOML" in in_plain_words(one)[0]]
    assert len(said) > 10
    assert left == []


def test_what_is_not_known_is_told_as_it_is():
    assert in_plain_words("Something new")[0] == "this is not TOML: Something new"
