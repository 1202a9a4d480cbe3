"""Every key path of a TOML file knows its line."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selvbetjening_core.files import load_toml, toml_file
from selvbetjening_core.files.toml_file import _lines, dotted
from selvbetjening_core.problems import Place, Problems


def read(tmp_path, content):
    file = tmp_path / "file.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    problems = Problems()
    return load_toml(file, problems), list(problems)


def line_of(tmp_path, text, *path):
    toml, problems = read(tmp_path, text)
    assert not problems
    return toml.lines[path]


# -- a property: whatever tomllib finds has a line, and the key is on it --------

KEYS = st.one_of(
    st.text("abcæø_-.0 \"'\\#=[]{}\t\né😀", min_size=1, max_size=6),
    st.sampled_from(["title", "da", "price", "10", "true", ""]),
)
LEAVES = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates().map(lambda day: day.isoformat()).map(lambda text: f"\0{text}"),
    st.text("abc#[]{}=\n\"'\\,æ", max_size=12),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def quoted(text):
    """As a TOML basic string, with escapes."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    body = "".join(
        escapes.get(one) or (one if ord(one) < 128 else f"\\U{ord(one):08x}") for one in text
    )
    return f'"{body}"'


def written_key(key, *, bare):
    plain = key and all(one.isascii() and (one.isalnum() or one in "_-") for one in key)
    if plain and bare:
        return key
    literal = "'" not in key and "\n" not in key and "\t" not in key
    return f"'{key}'" if literal and not bare else quoted(key)


class Writer:
    """Writes data as TOML in one of many ways, and notes the line of each key."""

    def __init__(self, draw):
        self.draw = draw
        self.text = ""
        self.lines = {}

    def flip(self):
        return self.draw(st.booleans())

    def line(self):
        return self.text.count("\n") + 1

    def key(self, key, path):
        self.lines[(*path, key)] = self.line()
        self.text += written_key(key, bare=self.flip())

    def value(self, value, path):
        if isinstance(value, dict):
            self.inline_table(value, path)
        elif isinstance(value, list):
            self.array(value, path)
        elif isinstance(value, str) and value.startswith("\0"):
            self.text += value[1:]
        elif isinstance(value, str):
            multi = self.flip() and "\\" not in value and '"' not in value
            self.text += f'"""\n{value}"""' if multi else quoted(value)
        else:
            self.text += repr(value).lower()

    def inline_table(self, table, path):
        self.text += "{ "
        for number, (key, inner) in enumerate(table.items()):
            self.text += ", " if number else ""
            self.key(key, path)
            self.text += " = "
            self.value(inner, (*path, key))
        self.text += " }"

    def array(self, array, path):
        self.text += "["
        for position, inner in enumerate(array):
            self.text += "  # ] comment, [ here\n" if self.flip() else " "
            self.lines[(*path, position)] = self.line()
            self.value(inner, (*path, position))
            self.text += ","
        self.text += "\n]" if self.flip() else "]"

    def table(self, table, path):
        simple = {key: one for key, one in table.items() if not self.is_section(one)}
        for key, inner in simple.items():
            self.text += "# key = 1\n" if self.flip() else ""
            self.key(key, path)
            self.text += "="
            self.value(inner, (*path, key))
            self.text += "  # = [x]\n" if self.flip() else "\n"
        for key, inner in table.items():
            if key not in simple:
                self.section(key, inner, path)

    def is_section(self, value):
        if isinstance(value, list):
            return bool(value) and all(isinstance(one, dict) for one in value) and self.flip()
        return isinstance(value, dict) and self.flip()

    def section(self, key, inner, path):
        full = [*path, key]
        names = ".".join(written_key(one, bare=self.flip()) for one in full if one.__class__ is str)
        for position, one in enumerate(inner if isinstance(inner, list) else [inner]):
            here = (*path, key, position) if isinstance(inner, list) else (*path, key)
            self.lines.setdefault((*path, key), self.line())
            self.lines[here] = self.line()
            self.text += f"[[{names}]]\n" if isinstance(inner, list) else f"[{names}]\n"
            self.table(one, here)


@st.composite
def documents(draw):
    writer = Writer(draw)
    writer.table(draw(st.dictionaries(KEYS, VALUES, max_size=5)), ())
    return writer


def paths_of(data, path=()):
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from paths_of(value, (*path, key))


@given(documents())
def test_every_path_has_the_line_where_it_was_written(written):
    data = tomllib.loads(written.text)
    lines = _lines(written.text.encode("utf-8"))
    for path in paths_of(data):
        assert lines[path] == written.lines[path], (path, written.text)


@given(documents())
def test_the_line_holds_the_key(written):
    lines = _lines(written.text.encode("utf-8"))
    rows = written.text.split("\n")
    for path in paths_of(tomllib.loads(written.text)):
        names = [part for part in path if isinstance(part, str)]
        if isinstance(path[-1], str):
            row = rows[lines[path] - 1]
            assert any(form in row for form in (names[-1], quoted(names[-1]), f"'{names[-1]}'")), (
                path,
                row,
            )


# -- examples a reader can check by eye ----------------------------------------

TEXT = """# a comment
[solution]
title.da = "Titel"           # a comment
title.en = "Title"
"quoted \\u00e6" = 1
'literal' = 2

[[price]]
amount = "1.00"
when = { cause = ["lost",
                  "damaged"], any = [
    { holder.age = { at_least = 15 } },
] }

[[price]]
amount = "2.00"

[price.text]
da = "Til den anden"

[step.a.b]
c = [[1, 2],
     [3]]
"""


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (2, ("solution",)),
        (3, ("solution", "title")),
        (4, ("solution", "title", "en")),
        (5, ("solution", "quoted æ")),
        (6, ("solution", "literal")),
        (8, ("price",)),
        (8, ("price", 0)),
        (10, ("price", 0, "when", "cause", 0)),
        (11, ("price", 0, "when", "cause", 1)),
        (11, ("price", 0, "when", "any")),
        (12, ("price", 0, "when", "any", 0, "holder", "age", "at_least")),
        (15, ("price", 1)),
        (19, ("price", 1, "text", "da")),
        (21, ("step", "a")),
        (23, ("step", "a", "b", "c", 1, 0)),
    ],
)
def test_lines(tmp_path, line, path):
    assert line_of(tmp_path, TEXT, *path) == line


def test_windows_line_ends_and_byte_order_mark(tmp_path):
    text = TEXT.replace("\n", "\r\n").encode("utf-8")
    toml, problems = read(tmp_path, b"\xef\xbb\xbf" + text)
    assert not problems
    assert toml.lines == read(tmp_path, TEXT)[0].lines
    assert toml.data == tomllib.loads(TEXT)


def test_a_missing_key_is_at_the_nearest_table(tmp_path):
    toml, _ = read(tmp_path, TEXT)
    place = toml.place(("price", 1, "valid_from"))
    assert (place.line, place.path) == (15, "price[2].valid_from")
    assert toml.place(("nowhere",)).line == 0


def test_lines_are_looked_for_when_a_place_is_shown(tmp_path, monkeypatch):
    looked = []
    lines = toml_file._lines
    monkeypatch.setattr(toml_file, "_lines", lambda raw: looked.append(raw) or lines(raw))
    toml, _ = read(tmp_path, "a = 1\nb = 2\n")
    place = toml.place(("b",))
    other = place.under("c")
    assert not looked
    assert (str(place), place.path) == (f"{toml.file}:2", "b")
    assert (str(other), other.path) == (f"{toml.file}:2", "c")
    assert toml.place(("a",)).line == 1
    assert len(looked) == 1


def test_places_are_equal_when_file_line_and_path_are(tmp_path):
    toml, _ = read(tmp_path, "a = 1\nb = 2\n")
    place = toml.place(("b",))
    assert {place, toml.place(("b",)), Place(toml.file, 2, "b")} == {place}
    assert Place(toml.file, 3, "b") != place
    assert place.under("c") != place
    assert Place(tmp_path, 2, "b") != place
    assert place != "b"


def test_dotted_counts_from_one():
    assert dotted(("price", 0, "when", "any", 2)) == "price[1].when.any[3]"


def test_the_hash_is_that_of_the_bytes(tmp_path):
    first, _ = read(tmp_path, "a = 1\n")
    second, _ = read(tmp_path, "a = 1 \n")
    assert first.data == second.data
    assert first.sha256 != second.sha256


# -- what is wrong with a file ---------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b'a = "b', 1, "toml-syntax"),
        (b'a = 1\nb = "\nc = 2\n', 2, "toml-syntax"),
        (b"a = 1\na = 2\n", 2, "toml-syntax"),
        (b"a = [\n1,\n", 2, "toml-syntax"),
        (b"a = 2024-02-31\n", 1, "toml-syntax"),
        (b"a = " + b"1" * 5000, 1, "toml-syntax"),
        (b"a = " + b"[" * 100_000, 1, "toml-syntax"),
        (b"a = " + b"{a=" * 100_000, 1, "toml-syntax"),
        (b"a = 1\n\nb = '\xe6'\n", 3, "file-not-utf8"),
        (b"\xff\xfea\x00=\x001\x00", 1, "file-not-utf8"),
        (b"a = 1\n\x00", 2, "toml-syntax"),
    ],
)
def test_what_is_no_toml_is_one_problem_with_its_line(tmp_path, content, line, code):
    toml, problems = read(tmp_path, content)
    assert toml is None
    assert [(one.code, one.place.line) for one in problems] == [(code, line)]


def test_an_unreadable_file_is_a_problem(tmp_path):
    for file in (tmp_path / "none.toml", tmp_path):
        problems = Problems()
        assert load_toml(file, problems) is None
        assert [one.code for one in problems] == ["file-unreadable"]


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_never_raise(tmp_path_factory, content):
    file = Path(tmp_path_factory.getbasetemp()) / "any.toml"
    file.write_bytes(content)
    problems = Problems()
    toml = load_toml(file, problems)
    assert (toml is None) == (len(problems) == 1)


def test_dates_stay_dates(tmp_path):
    toml, _ = read(tmp_path, "day = 2024-01-01\n")
    assert toml.data["day"] == datetime.date(2024, 1, 1)
