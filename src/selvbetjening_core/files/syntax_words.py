"""What the parser says of a file that is not TOML, in words of the person who wrote it."""

from __future__ import annotations

import re

_WORDS: tuple[tuple[str, str, str], ...] = (
    # What the parser says; what has happened; what to do.
    (
        r"Invalid value",
        "what stands after the = is no text in quotes, number, date, list, true or false",
        'put a text in quotes: name = "Mors"',
    ),
    (
        r"Expected '=' after a key.*",
        "a word stands where name = value should",
        'write name = "value", or begin the line with # if it is a remark',
    ),
    (
        r"Expected newline or end of document after a statement",
        "something stands after the end of a value",
        "put each key on a line of its own, and a text with quotes in it in triple quotes",
    ),
    (
        r"Expected '\]+' at the end of an? (?:table|array) declaration",
        "a heading that begins with [ has no ] at its end",
        "write the heading as [name], with a-z, 0-9 and _",
    ),
    (
        r"Unclosed array",
        "a list that begins with [ is not ended, or lacks a comma between two values",
        'end the list with ], and put commas between: ["a", "b"]',
    ),
    (
        r"Unclosed inline table",
        "a { is not ended by }, or lacks a comma between two values",
        "write it on one line, ended by }: { a = 1, b = 2 }",
    ),
    (
        r"(?:Unterminated string|Expected '.+'|Illegal character '\\n')",
        "a text that begins with a quote is not ended by one",
        'end the text with the quote it begins with: "…"; one of several lines stands in """',
    ),
    (
        r"Unescaped '\\\\?' in a string",
        "a text holds a \\ that stands for nothing",
        "write a path with /, or put the text in single quotes: 'C:\\folder'",
    ),
    (
        r"Cannot overwrite a value",
        "a key is written twice in one table",
        "take one of the two out",
    ),
    (
        r"Duplicate inline table key .*",
        "a key is written twice between { and }",
        "take one of the two out",
    ),
    (
        r"Cannot (?:declare|mutate|redefine) .*",
        "a heading is written twice, or adds to something that is written elsewhere",
        "put all keys of the table under one heading",
    ),
    (
        r"Invalid (?:initial character for a key part|statement)",
        "the line begins with a character that no key begins with",
        "write name = value, or begin the line with # if it is a remark",
    ),
    (
        r"Invalid date or datetime",
        "there is no such date",
        "write year, month and day: 2024-01-31",
    ),
    (
        r"(?:Illegal|Found invalid) character .*",
        "the line holds a character that cannot be shown",
        "write the line anew",
    ),
    (
        r"(?:Invalid hex value|Escaped character is not a Unicode scalar value)",
        "a \\ in a text stands for a character that does not exist",
        "write the character itself; the file is UTF-8",
    ),
)
_OTHER = (
    "mend the line, or the one above it (a text stands in quotes, a list ends with ],"
    " a table or key is written once)"
)


def in_plain_words(said: str) -> tuple[str, str]:
    """What is wrong, and what to do, from what ``tomllib`` said of it."""
    for pattern, what, advice in _WORDS:
        if re.fullmatch(pattern, said):
            return what, f"{advice} (in this line, or the one above it)"
    return f"this is not TOML: {said}", _OTHER
