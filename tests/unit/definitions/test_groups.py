"""Groups in a definition: read, used once and in rows, and checked."""

from __future__ import annotations

import tomllib

import pytest
from jsonschema import Draft202012Validator

from selvbetjening_core.definitions.json_schema import definition_schema
from selvbetjening_core.forms.kinds import BUILTIN_KINDS

SCHEMA = definition_schema({kind.declaration.name: kind.declaration for kind in BUILTIN_KINDS})

STEP = '[step.family]\ntitle.da = "Familie"\n'
GROUP = """
[group.child.name]
kind = "text"
label.da = "Navn"

[group.child.age]
kind = "number"
label.da = "Alder"
"""
SCHOOL = '\n[group.child.school]\nkind = "text"\nlabel.da = "Skole"\n'


def once(name="eldest", keys=""):
    return f'\n[step.family.{name}]\nkind = "group"\ngroup = "child"\nlabel.da = "Ældste"\n{keys}\n'


def rows(name="children", keys="at_most = 3"):
    return (
        f'\n[step.family.{name}]\nkind = "repeat"\ngroup = "child"\nlabel.da = "Børn"\n'
        f'each.da = "Barn"\nadd.da = "Tilføj et barn"\n{keys}\n'
    )


def asked(name, keys):
    return f'\n[step.family.{name}]\nkind = "text"\nlabel.da = "Mere"\n{keys}\n'


def test_a_group_is_used_once_and_in_rows(define):
    found = define(GROUP, STEP, once(), rows())
    assert found.codes == []
    eldest, children = found.solution.fields()
    assert [part.name for part in eldest.parts] == ["name", "age"]
    assert children.parts == eldest.parts == found.solution.groups[0].fields


@pytest.mark.parametrize(
    "condition",
    [
        "eldest.age = { at_least = 6 }",
        'eldest.name = "Bo"',
        "eldest = { filled = true }",
        "children.count = { above = 1 }",
        "children = { filled = true }",
    ],
)
def test_conditions_ask_about_parts_and_the_count(define, condition):
    later = asked("more", f"visible = {{ {condition} }}")
    assert define(GROUP, STEP, once(), rows(), later).codes == []


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("children.age = 6", "condition-unknown-fact"),
        ("eldest.agee = 6", "condition-unknown-fact"),
        ('eldest.age = "six"', "condition-wrong-type"),
        ('eldest = "Bo"', "condition-wrong-type"),
    ],
)
def test_what_a_condition_cannot_ask_is_told(define, condition, code):
    later = asked("more", f"visible = {{ {condition} }}")
    assert define(GROUP, STEP, once(), rows(), later).codes == [code]


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ("age = { at_least = 6 }", []),
        ('place = "Vest"', []),
        ('later = "Vest"', ["condition-on-later-step"]),
        ("children.count = 1", ["condition-on-later-step"]),
        ("ages = 6", ["condition-unknown-fact"]),
    ],
)
def test_a_group_asks_about_its_own_row_and_what_comes_before(define, condition, codes):
    school = f"{SCHOOL}visible = {{ {condition} }}\n"
    found = define(GROUP, school, STEP, asked("place", ""), rows(), asked("later", ""))
    assert found.codes == codes


def test_a_name_in_a_group_hides_the_same_name_outside(define):
    school = f"{SCHOOL}visible = {{ age = 6 }}\n"
    assert define(GROUP, school, STEP, asked("age", ""), rows()).codes == []
    school = f'{SCHOOL}visible = {{ age = "x" }}\n'
    assert define(GROUP, school, STEP, asked("age", ""), rows()).codes == ["condition-wrong-type"]


@pytest.mark.parametrize("kind", ["repeat", "group", "person", "files"])
def test_what_cannot_stand_in_a_group_is_told_once(define, kind):
    inner = f'\n[group.child.more]\nkind = "{kind}"\nlabel.da = "Mere"\n'
    assert define(GROUP, inner, STEP, rows()).lines == [("kind-not-in-group", f'kind = "{kind}"')]


def test_every_other_problem_of_a_group_is_found(define):
    wrong = '\n[group.child.born]\nkind = "date"\nlabel.da = "Født"\nearlist = 1\n'
    assert define(GROUP, wrong, STEP, rows()).codes == ["unknown-key"]
    wrong = '\n[group.child.told]\nkind = "fact"\nlabel.da = "Vist"\nsource = "nobody"\n'
    assert define(GROUP, wrong, STEP, rows()).codes == ["unknown-source"]
    assert define(GROUP, STEP, asked("more", "")).codes == ["group-unused"]
    assert define("[group.child]\n", STEP, rows()).codes == ["empty-group"]
    unknown = rows().replace('"child"', '"chld"')
    assert define(GROUP, STEP, rows("own"), unknown).codes == ["unknown-group"]
    missing = rows().replace('group = "child"\n', "")
    assert define(GROUP, STEP, rows("own"), missing).codes == ["missing-key"]
    operator = '\n[group.child.not]\nkind = "text"\nlabel.da = "Ikke"\n'
    assert define(GROUP, operator, STEP, rows()).codes == ["reserved-name"]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("", "missing-key"),
        ("at_most = 51", "keys-at-odds"),
        ("at_most = 0", "out-of-range"),
        ("at_most = 2\nat_least = 3", "keys-at-odds"),
    ],
)
def test_the_limits_of_rows_are_checked(define, keys, code):
    assert define(GROUP, STEP, rows(keys=keys)).codes == [code]


def is_in_schema(text, name, table):
    """Is ``table`` of this text what the schema calls ``name``?"""
    found = tomllib.loads(text)
    for key in table:
        found = found[key]
    schema = {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}
    return Draft202012Validator(schema).is_valid(found)


def test_the_schema_knows_groups_and_rows():
    assert is_in_schema(GROUP, "group", ("group", "child"))
    assert is_in_schema(STEP + once() + rows(), "step", ("step", "family"))


@pytest.mark.parametrize(
    "wrong",
    [
        '[group.child.more]\nkind = "repeat"\nlabel.da = "Mere"\n',
        '[group.child.not]\nkind = "text"\nlabel.da = "Ikke"\n',
        "[group.child]\n",
    ],
)
def test_the_schema_refuses_what_the_checker_refuses_in_a_group(wrong):
    assert not is_in_schema(wrong, "group", ("group", "child"))


def test_the_schema_wants_the_name_of_a_group():
    nameless = rows().replace('group = "child"\n', "")
    assert not is_in_schema(STEP + nameless, "step", ("step", "family"))
