"""The mistakes that people make in files, each told as what it is, and mended as told."""

from __future__ import annotations

import pytest

from selvbetjening_core.files import load_toml
from selvbetjening_core.problems import Problems

MISTAKES = [
    # What is written; the line; what is told; what to do; and the line mended as told.
    ("code = 0773", 1, "does not begin with 0", 'code = "0773"', 'code = "0773"'),
    ("name = ”Mors”", 1, "of a word processor", "straight", 'name = "Mors"'),
    ('hosts = [“a”, "b"]', 1, "of a word processor", "straight", 'hosts = ["a", "b"]'),
    ('name\u00a0= "Mors"', 1, "hard blank", "anew", 'name = "Mors"'),
    ("name =", 1, "nothing stands after", "take the line out", ""),
    ("name = # Mors", 1, "nothing stands after", "take the line out", ""),
    ("free = True", 1, "True is neither", "small letters", "free = true"),
    ("free = nej", 1, "nej is neither", "write true or false", "free = false"),
    ('a = ["b",, "c"]', 1, "two commas", "take one", 'a = ["b", "c"]'),
    ("a = { b = 1, }", 1, "a comma stands in front of the }", "{ a = 1, b = 2 }", "a = { b = 1 }"),
    ("day = 31-01-2024", 1, "no such date", "2024-01-31", "day = 2024-01-31"),
    ("day = 31.1.2024", 1, "no such date", "2024-01-31", "day = 2024-01-31"),
    ("day = 2024-1-31", 1, "no such date", "2024-01-31", "day = 2024-01-31"),
    ("amount = 225,00", 1, "has a comma in it", '"225.00"', 'amount = "225.00"'),
    ("[contact] phone", 1, "after the heading", "# in front of it", "[contact] # phone"),
    ("[component.sagsø]", 1, 'holds "ø"', "a-z, 0-9 and _", "[component.sag]"),
    ("[østre]", 1, 'holds "ø"', "a-z, 0-9 and _", "[oestre]"),
    ("[component.my journal]", 1, "a blank", "a-z, 0-9 and _", "[component.my_journal]"),
    ('sagsø = "journal"', 1, 'holds "ø"', "a-z, 0-9 and _", 'sag = "journal"'),
    ('case system = "journal"', 1, "a blank", "a-z, 0-9 and _", 'case_system = "journal"'),
    ('theme:plain = "a"', 1, "with a colon", '"theme:plain" =', '"theme:plain" = "a"'),
    ('payment: "card"', 1, "a : stands where", "payment =", 'payment = "card"'),
    ("; a remark", 1, "does not begin with ;", "#", "# a remark"),
    ("// a remark", 1, "does not begin with //", "#", "# a remark"),
    ("a = 1\n<<<<<<< HEAD\na = 2", 2, "two versions", "choose one", "a = 2"),
    ("<html><body>", 1, "no text file", "plain text", ""),
    ("{\\rtf1\\ansi", 1, "no text file", "plain text", ""),
    ("PK\x03\x04", 1, "no text file", "plain text", ""),
    ('a = 1\nb = 2\na = "c"', 3, '"a" is written in line 1', "take one", "a = 1\nb = 2"),
    ("[a]\nb = 1\n[a]", 3, "[a] is written in line 1", "under one of the two", "[a]\nb = 1"),
]


@pytest.fixture
def told(tmp_path):
    def told(text):
        file = tmp_path / "x.toml"
        file.write_text(text, encoding="utf-8")
        problems = Problems()
        load_toml(file, problems)
        return list(problems)

    return told


@pytest.mark.parametrize(("text", "line", "what", "advice", "mended"), MISTAKES)
def test_each_is_told_as_what_it_is(told, text, line, what, advice, mended):
    (problem,) = told(text)
    assert (problem.code, problem.place.line) == ("toml-syntax", line)
    assert what in problem.message
    assert advice in problem.advice
    assert "the one above" not in problem.advice
    assert told(mended) == []


@pytest.mark.parametrize(
    ("text", "told_instead"),
    [
        # The same marks inside a text are the person's own business.
        ('name = "a ”b” ,, \u00a0 True" c', "something stands after the end"),
        ("name = Mors", "is no text in quotes"),
        ("[a]\nb = 1\n[c]\nb = 1\n[c]", "[c] is written in line 3 already"),
        ('name = "Mors" code = "0773"', "something stands after the end"),
        ("a = {b = 1}\n[a.b]", "a heading is written twice"),
    ],
)
def test_nothing_is_seen_that_is_not_there(told, text, told_instead):
    (problem,) = told(text)
    assert told_instead in problem.message


def test_with_windows_line_ends(told):
    (problem,) = told("name = 1\r\ncode = 0773\r\n")
    assert problem.place.line == 2
    assert 'code = "0773"' in problem.advice
