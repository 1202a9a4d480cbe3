"""A table reads on, whatever is wrong, and reports it where it stands."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.files import Table, load_toml
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Problems


class Read:
    def __init__(self, folder, text):
        file = folder / "file.toml"
        file.write_text(text, encoding="utf-8")
        self.problems = Problems()
        self.table = Table.whole(load_toml(file, self.problems), self.problems)

    @property
    def reported(self):
        return [(one.code, one.place.line, one.place.path) for one in self.problems]

    @property
    def only(self):
        (problem,) = self.problems
        return problem


@pytest.fixture
def read(tmp_path):
    return lambda text: Read(tmp_path, text)


def test_right_values_are_returned_and_nothing_is_reported(read):
    one = read(
        'text = "x"\nnumber = 5\nyes = true\nday = 2024-01-31\n'
        'list = ["a", "b"]\n[inner]\nkey = 1\n'
    )
    table = one.table
    assert table.text("text") == "x"
    assert table.number("number", minimum=5, maximum=5) == 5
    assert table.yes_no("yes") is True
    assert table.date("day") == datetime.date(2024, 1, 31)
    assert table.text_list("list") == ("a", "b")
    assert table.table("inner").number("key") == 1
    table.finish()
    assert one.reported == []


@pytest.mark.parametrize(
    ("getter", "wrong"),
    [
        ("text", "1"),
        ("number", "true"),
        ("number", "1.0"),
        ("number", '"1"'),
        ("yes_no", "1"),
        ("date", '"2024-01-31"'),
        ("date", "2024-01-31T10:00:00"),
        ("text_list", '"a"'),
        ("table", "[]"),
    ],
)
def test_a_wrong_type_is_reported_and_something_harmless_returned(read, getter, wrong):
    one = read(f"# first\nkey = {wrong}\n")
    assert not getattr(one.table, getter)("key")
    one.table.finish()
    assert one.reported == [("wrong-type", 2, "key")]


def test_a_missing_key_is_reported_when_the_table_is_finished(read):
    one = read("[inner]\n")
    inner = one.table.table("inner")
    assert inner.text("name") == ""
    assert one.reported == []
    inner.finish()
    assert one.reported == [("missing-key", 1, "inner.name")]
    assert one.only.advice == 'add name = "…"'


def test_a_missing_key_is_reported_when_reading_stops_early(read):
    one = read("other = 1\n")
    one.table.text("plugin_set")
    one.table.give_up()
    assert one.reported == [("missing-key", 0, "plugin_set")]


def test_a_misspelt_key_is_one_problem_not_two(read):
    one = read('verison = "1"\n')
    one.table.text("version")
    one.table.finish()
    assert one.reported == [("unknown-key", 1, "verison")]
    assert 'did you mean "version"?' in one.only.message


def test_a_key_that_is_known_is_not_taken_for_a_misspelt_one(read):
    one = read('options = ["a"]\n')
    one.table.table("option", required=True)
    one.table.text_list("options")
    one.table.finish()
    assert [code for code, *_ in one.reported] == ["missing-key"]


def test_an_unknown_key_comes_with_a_suggestion(read):
    one = read("requird = false\n")
    one.table.yes_no("required", required=False)
    one.table.finish()
    assert 'did you mean "required"?' in one.only.message


@pytest.mark.parametrize(("value", "code"), [("4", "out-of-range"), ("11", "out-of-range")])
def test_numbers_have_bounds(read, value, code):
    one = read(f"n = {value}\n")
    one.table.number("n", minimum=5, maximum=10)
    assert one.only.code == code
    assert "at least 5 and at most 10" in one.only.advice


@pytest.mark.parametrize(
    ("value", "code"),
    [('""', "empty-text"), ('"  "', "empty-text"), ('"a\\u0000b"', "bad-character")],
)
def test_a_text_says_something(read, value, code):
    one = read(f"t = {value}\n")
    one.table.text("t")
    assert one.only.code == code


def test_a_text_may_have_several_lines(read):
    one = read('t = """\na\tb\r\nc"""\n')
    assert one.table.text("t") == "a\tb\nc"
    assert one.reported == []


def test_a_list_of_texts_reports_each_bad_one(read):
    one = read('l = [\n"a",\n1,\n"",\n"a",\n"b"]\n')
    assert one.table.text_list("l") == ("a", "b")
    assert one.reported == [
        ("wrong-type", 3, "l[2]"),
        ("wrong-type", 4, "l[3]"),
        ("listed-twice", 5, "l[4]"),
    ]
    assert one.table.position("l", "b") == 4


def test_a_required_list_is_not_empty(read):
    one = read("l = []\nm = []\n")
    one.table.text_list("l")
    one.table.text_list("m", required=False)
    assert one.reported == [("empty-list", 1, "l")]


@pytest.mark.parametrize("good", ["https://a.dk", "http://a.dk:80/x?y"])
def test_web_addresses(read, good):
    one = read(f'u = "{good}"\n')
    assert one.table.web_url("u") == good
    assert one.reported == []


@pytest.mark.parametrize(
    "bad", ["a.dk", "javascript:alert(1)", "ftp://a.dk", "https://", "https://a.dk:99999", "//a.dk"]
)
def test_what_no_browser_may_follow(read, bad):
    one = read(f'u = "{bad}"\n')
    one.table.web_url("u")
    assert one.only.code == "bad-url"


@pytest.mark.parametrize("bad", ["a", "a@", "@b", "a b@c", "a@b@c"])
def test_what_is_no_email(read, bad):
    one = read(f'u = "{bad}"\n')
    one.table.email("u")
    assert one.only.code == "bad-email"


def test_named_tables_leaves_the_rest_to_finish(read):
    one = read("scalar = 1\n[a]\n[b]\n[c]\n")
    assert [name for name, _ in one.table.named_tables(unless=("b",))] == ["a", "c"]
    one.table.finish()
    assert [path for *_, path in one.reported] == ["scalar", "b"]


def test_elements_that_are_no_tables_are_reported(read):
    one = read("price = [ { a = 1 }, 2 ]\n")
    assert len(list(one.table.tables("price"))) == 1
    assert one.reported == [("wrong-type", 1, "price[2]")]


def test_words():
    assert closest("chioce", ["choice", "text"]) == '; did you mean "choice"?'
    assert closest("xyz", ["choice"]) == ""
    assert listed([]) == "(none)"
    assert listed(["a", "b"]) == "a, b"
