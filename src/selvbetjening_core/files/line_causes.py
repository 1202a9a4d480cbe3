"""What is wrong in a line that the TOML parser stumbled over, seen in the line itself.

The parser says what it expected. Whoever wrote the line wants to know which of the
mistakes that people make it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Told = tuple[str, str]
"""What is wrong, and what to do."""

_VALUE = r"Invalid value"
_AFTER = r"Expected newline or end of document after a statement"
_KEY = r"Expected '=' after a key.*"
_BEGIN = r"Invalid (?:initial character for a key part|statement)"
_HEADING = r"Expected '\]+' at the end of an? (?:table|array) declaration"
_ANY = r".*"

_PLAIN_NAMES = "write names with a-z, 0-9 and _ alone"
_CURLY = "[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019]"
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")


@dataclass(frozen=True, slots=True)
class _Cause:
    """A mistake: what the parser says of it, how the line looks, and what to tell.

    Groups of ``looks`` may be named in ``what`` and ``advice``.
    """

    said: str
    looks: str
    what: str
    advice: str


_CAUSES = (
    _Cause(
        _ANY,
        r"^(?:<{7}|={7}|>{7})",
        "the file holds marks of two versions that could not be put together",
        "choose one of the two, and take out the lines with <<<<<<<, ======= and >>>>>>>",
    ),
    _Cause(
        rf"{_BEGIN}|{_KEY}",
        r"^(?:<[!a-z?]|\{\\rtf|PK\x03)",
        "this is no text file, but a page or a document",
        "save it as plain text (in the editor: Save as, Plain text)",
    ),
    _Cause(
        _BEGIN,
        r"^\s*(?P<mark>;|//|/\*|--|%)",
        "a remark does not begin with {mark} here",
        "begin the line with #",
    ),
    _Cause(
        _ANY,
        "[\u00a0\u2007\u202f\ufeff]",
        "the line holds a hard blank, which looks like an ordinary one",
        "write the blanks of the line anew",
    ),
    _Cause(
        rf"{_VALUE}|{_KEY}|{_BEGIN}|Unclosed array",
        rf"[=\[,]\s*{_CURLY}|^\s*{_CURLY}",
        "the quotes are those of a word processor, which do not count here",
        'write straight quotes: "…"',
    ),
    _Cause(
        _VALUE,
        r"^\s*(?P<key>[\w.-]+)\s*=\s*(?:#.*)?$",
        "nothing stands after the =",
        "write the value, or take the line out",
    ),
    _Cause(
        _VALUE,
        r"^\s*(?P<key>[\w.-]+)\s*=\s*(?P<word>True|TRUE|False|FALSE|[Jj]a|[Nn]ej|[Yy]es|[Nn]o)\b",
        "{word} is neither true nor false",
        "write true or false, in small letters and without quotes",
    ),
    _Cause(
        rf"{_VALUE}|Unclosed array",
        r",\s*,",
        "two commas stand with nothing between them",
        "take one of the two out",
    ),
    _Cause(
        rf"{_BEGIN}|{_KEY}|Unclosed inline table",
        r",\s*\}",
        "a comma stands in front of the }}",
        "take the comma out: {{ a = 1, b = 2 }}",
    ),
    _Cause(
        rf"{_AFTER}|{_VALUE}|Invalid date or datetime",
        r"=\s*(?:\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{4}[-./]\d{1,2}[-./]\d{1,2})(?!\d)",
        "there is no such date",
        "write year, month and day: 2024-01-31",
    ),
    _Cause(
        _AFTER,
        r"=\s*[\d.]+,\d",
        "a number has a comma in it",
        'write a point in place of the comma; an amount stands in quotes: "225.00"',
    ),
    _Cause(
        _AFTER,
        r"^\s*(?P<key>[\w.-]+)\s*=\s*(?P<digits>0\d+)\s*(?:#.*)?$",
        "a number does not begin with 0",
        'put it in quotes: {key} = "{digits}"',
    ),
    _Cause(
        _AFTER,
        r"^\s*\[[^\]]*\]+\s*[^\s#]",
        "something stands after the heading",
        "put it on a line of its own, or # in front of it if it is a remark",
    ),
    _Cause(
        rf"{_HEADING}|{_BEGIN}",
        r"^\s*\[[^\]\"']*?(?P<letter>[^\x00-\x7f])",
        'a name in the heading holds "{letter}", which no name can',
        _PLAIN_NAMES,
    ),
    _Cause(
        _HEADING,
        r"^\s*\[[^\]\"']*?[\w-]\s+[\w-]",
        "a name in the heading holds a blank, which no name can",
        _PLAIN_NAMES,
    ),
    _Cause(
        rf"{_KEY}|{_BEGIN}",
        r"^\s*[^=\[\]\"'#]*?(?P<letter>[^\x00-\x7f])[^=]*=",
        'the name in front of the = holds "{letter}", which no name can',
        _PLAIN_NAMES,
    ),
    _Cause(
        _KEY,
        r"^\s*[\w-]+(?:\s+[\w-]+)+\s*=",
        "the name in front of the = holds a blank, which no name can",
        _PLAIN_NAMES,
    ),
    _Cause(
        _KEY,
        r"^\s*(?P<key>\w+:\w+)\s*=",
        "a name with a colon in it stands in quotes",
        'write "{key}" = …',
    ),
    _Cause(
        _KEY,
        r"^\s*(?P<key>[\w.-]+)\s*:",
        "a : stands where an = should",
        "write {key} = …",
    ),
)


def cause_in(lines: Sequence[str], number: int, said: str) -> Told | None:
    """What is wrong in line ``number``, and what to do; None where it cannot be seen.

    :param lines: all lines of the file, without their ends
    :param number: the line that the parser names, from 1
    :param said: what the parser says of it
    """
    if not 1 <= number <= len(lines):
        return None
    twice = _twice(lines, number, said)
    if twice:
        return twice
    # What stands in quotes is the person's own business.
    bare = _QUOTED.sub('""', lines[number - 1])
    for cause in _CAUSES:
        match = re.search(cause.looks, bare) if re.fullmatch(cause.said, said) else None
        if match:
            found = match.groupdict()
            return cause.what.format(**found), cause.advice.format(**found)
    return None


def _twice(lines: Sequence[str], number: int, said: str) -> Told | None:
    """What is written twice, and where the first is."""
    if re.fullmatch(r"Cannot overwrite a value", said):
        return _key_twice(lines, number)
    if re.fullmatch(r"Cannot declare .* twice", said):
        return _heading_twice(lines, number)
    return None


def _key_twice(lines: Sequence[str], number: int) -> Told | None:
    key = _key_of(lines[number - 1])
    for above in range(number - 1, 0, -1):
        if _heading_of(lines[above - 1]):
            return None
        if key and _key_of(lines[above - 1]) == key:
            return f'"{key}" is written in line {above} already', "take one of the two lines out"
    return None


def _heading_twice(lines: Sequence[str], number: int) -> Told | None:
    heading = _heading_of(lines[number - 1])
    for above in range(1, number):
        if heading and _heading_of(lines[above - 1]) == heading:
            return (
                f"{heading} is written in line {above} already",
                "put all keys under one of the two; a second of its kind needs another name",
            )
    return None


def _key_of(line: str) -> str:
    match = re.match(r"\s*([\w.\"'-]+)\s*=", line)
    return match[1] if match else ""


def _heading_of(line: str) -> str:
    match = re.match(r"\s*(\[[^\[\]]+\])\s*(?:#.*)?$", line)
    return match[1] if match else ""
