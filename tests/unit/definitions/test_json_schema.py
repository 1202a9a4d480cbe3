"""The JSON Schema of definitions says what the reader says, as far as it can see."""

from __future__ import annotations

import copy
import datetime
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import selvbetjening_core
import selvbetjening_solutions
from selvbetjening_core.definitions.json_schema import definition_schema
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.forms.kinds import BUILTIN_KINDS
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import KeyDeclaration, KindDeclaration

ROOT = Path(__file__).resolve().parents[3]
BROKEN = ROOT / "tests/broken/production/solutions"
SHIPPED = Path(selvbetjening_solutions.__file__).parent
TODAY = datetime.date(2026, 3, 2)
KINDS = {kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS}
SCHEMA = definition_schema(KINDS)

NOT_SEEN = {
    "channel_hole": "which prices there are for which case",
    "hole": "which prices there are for which case",
    "later_overlap": "which prices there are for which case",
    "overlap": "which prices there are for which case",
    "table_hole": "what a table decides in which case",
    "large": "which prices there are for which case",
    "not_yet": "what day it is",
    "old": "what day it is",
    "no_law": "a missing law is incomplete, no error",
    "unused": "what conditions and fields ask about",
    "en": "the name of the folder",
    "kvittering": "the name of the folder",
    "Parkeringslicens-2": "the name of the folder",
    "good": "nothing is wrong",
    "other": "nothing is wrong",
}
"""Folders of tests/broken whose faults no schema can see, and what it would have to know."""
NO_TOML = ("no_file", "not_utf8", "syntax")
"""What is no TOML never gets as far as a schema."""


def as_json(data):
    """As editors hand TOML to a schema: a date is a text."""
    return json.loads(json.dumps(data, default=lambda value: value.isoformat()))


def faults(data, schema=SCHEMA):
    return list(Draft202012Validator(schema).iter_errors(as_json(data)))


def loaded(folder):
    return tomllib.loads((folder / "solution.toml").read_text("utf-8"))


def test_the_shipped_schema_is_the_generated_one():
    file = Path(selvbetjening_core.__file__).parent / "definitions/solution.schema.json"
    wanted = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    assert file.read_text("utf-8") == wanted, "selvbetjening schema > (that file)"


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("folder", sorted(p.parent for p in SHIPPED.glob("*/solution.toml")))
def test_shipped_definitions_are_valid(folder):
    assert faults(loaded(folder)) == []


@pytest.mark.parametrize("name", sorted(p.name for p in BROKEN.iterdir() if p.name not in NO_TOML))
def test_broken_definitions_are_invalid_where_a_schema_can_see_it(name):
    assert bool(faults(loaded(BROKEN / name))) is (name not in NOT_SEEN)


def known_keys(text, head):
    return re.search(rf"{head}: (.*)", text)[1].split(", ")


def planted(data, path):
    table = data
    for key in path:
        table = table[key]
    table["qqqqqqqq"] = 1
    return data


def checked(data, tmp_path, kinds=KINDS):
    folder = tmp_path / "planted"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "solution.toml").write_text(as_toml(data), "utf-8")
    problems = Problems()
    read_solution(folder, kinds, TODAY, problems)
    return list(problems)


def as_toml(data):
    """TOML with every table inline, which is all that a test needs."""
    return "".join(f"{json.dumps(key)} = {inline(value)}\n" for key, value in data.items())


def inline(value):
    if isinstance(value, dict):
        inner = (f"{json.dumps(key)} = {inline(one)}" for key, one in value.items())
        return f"{{ {', '.join(inner)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


TABLES = [
    ((), SCHEMA["properties"], "known here"),
    (("solution",), SCHEMA["properties"]["solution"]["properties"], "known here"),
    (("law", 0), SCHEMA["properties"]["law"]["items"]["properties"], "known here"),
    (("retention",), SCHEMA["properties"]["retention"]["properties"], "known here"),
    (("text",), SCHEMA["properties"]["text"]["properties"], "the texts of a solution are"),
    (("price", 0), SCHEMA["properties"]["price"]["items"]["properties"], "known here"),
    (("destination", 0), SCHEMA["properties"]["destination"]["items"]["properties"], "known here"),
    (("solution", "title"), SCHEMA["$defs"]["text"]["properties"], "a text has languages"),
]


@pytest.mark.parametrize(("path", "properties", "head"), TABLES, ids=lambda value: str(value)[:30])
def test_each_table_has_the_keys_that_the_reader_knows(path, properties, head, tmp_path):
    data = planted(loaded(SHIPPED / "sundhedskort"), path)
    (told,) = [one for one in checked(data, tmp_path) if one.code == "unknown-key"]
    assert sorted(known_keys(told.advice, head)) == sorted(properties)
    assert len(faults(data)) == 1


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_kind_has_the_keys_and_errors_that_the_reader_knows(name, tmp_path):
    data = loaded(SHIPPED / "sundhedskort")
    field = {"kind": name, "qqqqqqqq": 1, "error": {"qqqqqqqq": {}}}
    data["step"]["planted"] = {"title": {"da": "Planted", "en": "Planted"}, "field": field}
    told = [one.advice for one in checked(data, tmp_path) if one.code == "unknown-key"]
    properties = SCHEMA["$defs"][f"kind_{name}"]["properties"]
    errors = properties["error"]["properties"]
    (of_field,) = [one for one in told if one.startswith("a field of the kind")]
    (of_error,) = [one for one in told if one.startswith("a field of this kind")]
    assert known_keys(of_field, "has") == [*_in_order(properties, of_field)]
    assert set(known_keys(of_error, "with")) - {"(none)"} == set(errors)


def _in_order(properties, advice):
    return sorted(properties, key=known_keys(advice, "has").index)


REPLACEMENTS = ("", "x", 0, 7, -1, True, 1.5, [], ["x"], {}, {"da": "x"}, datetime.date(2026, 1, 1))


def mutated(data):
    """Every key taken out, misspelt, and given values of other types, one at a time."""
    for path in paths(data):
        for new in (None, *REPLACEMENTS):
            one = copy.deepcopy(data)
            table = one
            for key in path[:-1]:
                table = table[key]
            if new is None:
                del table[path[-1]]
            elif table[path[-1]] == new:
                continue
            else:
                table[path[-1]] = new
            yield path, new, one


def paths(data, above=()):
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*above, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*above, key))


def test_what_the_schema_refuses_the_reader_refuses(tmp_path):
    small = loaded(BROKEN / "good")
    seen = refused = 0
    for path, new, data in mutated(small):
        by_reader = any(str(one.severity) == "error" for one in checked(data, tmp_path))
        by_schema = bool(faults(data))
        assert by_reader or not by_schema, (path, new, faults(data))
        seen += by_schema
        refused += by_reader
    # Most mistakes of one key can be seen in its own table.
    assert seen > 0.85 * refused > 100


def with_tables(data):
    """``data`` with a decision table of each kind."""
    texts = {"da": "En tekst"}
    since = datetime.date(2024, 1, 1)
    table, fields = data.setdefault("table", {}), {}
    for kind, outcome in (("yes_no", True), ("number", 3), ("amount", "1.00"), ("choice", "a")):
        table[kind] = {"kind": kind, "row": [{"valid_from": since, "outcome": outcome, "law": "§"}]}
        fields[f"of_{kind}"] = {"kind": "computed", "label": texts, "table": kind}
    table["choice"] |= {"options": ["a", "b"], "option": {"a": texts, "b": texts}}
    data["step"]["decided"] = {"title": texts, **fields}
    return data


def test_what_it_refuses_of_a_table_the_reader_refuses(tmp_path):
    data = with_tables(loaded(BROKEN / "good"))
    assert faults(data) == []
    assert [one.code for one in checked(data, tmp_path) if str(one.severity) == "error"] == []
    seen = refused = 0
    for path, new, one in mutated({"table": data["table"]}):
        whole = {**data, **one}
        by_reader = any(str(told.severity) == "error" for told in checked(whole, tmp_path))
        by_schema = bool(faults(whole))
        assert by_reader or not by_schema, (path, new)
        seen += by_schema
        refused += by_reader
    assert seen > 0.85 * refused > 100


@pytest.mark.parametrize(
    "when",
    [
        {"day": {"below": ["today", "+ 30 days"]}},
        {"day": {"equals": ["today", "last_of_month"]}},
        {"any": [{"cause": "lost"}, {"parameter": {"free": False}}]},
        {"holder": {"age": {"at_least": 15}}, "cause": ["lost", "moved"]},
        {"cause": {"filled": True}},
    ],
)
def test_conditions_of_every_form_are_valid(when):
    data = loaded(SHIPPED / "sundhedskort")
    data["price"][0]["when"] = when
    assert faults(data) == []


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"cause": []},
        {"cause": {"filled": "yes"}},
        {"age": {"at_least": True}},
        {"day": {"below": ["today", 30]}},
        {"any": []},
        {"any": [{}]},
        {"cause": 1.5},
    ],
)
def test_conditions_that_no_fact_can_have_are_invalid(when):
    data = loaded(SHIPPED / "sundhedskort")
    data["price"][0]["when"] = when
    assert faults(data)


def test_a_plugins_kind_comes_along():
    colour = KindDeclaration(
        "colour", "A colour.", keys=(KeyDeclaration("deep", "yes_no", "Deep?", required=True),)
    )
    schema = definition_schema({**KINDS, "colour": colour})
    data = loaded(SHIPPED / "sundhedskort")
    field = {"kind": "colour", "label": {"da": "Farve"}, "deep": True}
    data["step"]["more"] = {"title": {"da": "Mere"}, "field": field}
    assert faults(data, schema) == []
    assert faults(data)
    del field["deep"]
    assert faults(data, schema)
