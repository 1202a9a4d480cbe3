from __future__ import annotations

import pytest

AIDS = """
[step.aids]
title.da = "Hjælpemidler"

[step.aids.aids]
kind     = "choices"
label.da = "Hvilke bruger du?"
options  = ["cane", "walker", "none"]
{keys}

[step.aids.aids.option]
cane.da   = "Stok"
walker.da = "Rollator"
none.da   = "Ingen af dem"
"""
NEEDS = """
[step.needs]
title.da = "Behov"

[step.needs.needs]
kind     = "matrix"
label.da = "Hvor ofte?"
options  = ["never", "often"]
rows     = {rows}

[step.needs.needs.option]
never.da = "Aldrig"
often.da = "Ofte"
{hint}
[step.needs.needs.row]
food.da = "Mad"
shop.da = "Indkøb"
"""
FIELD = """
[step.total]
title.da = "I alt"

[step.total.{name}]
label.da = "I alt"
"""
RATE = """
[parameter.rate]
kind     = "number"
label.da = "Takst"
default  = 25
"""


def aids(keys=""):
    return AIDS.format(keys=keys)


def needs(rows='["food", "shop"]', hint=""):
    return NEEDS.format(rows=rows, hint=hint)


def computed(operation, of, name="total"):
    return f'{FIELD.format(name=name)}kind = "computed"\noperation = "{operation}"\nof = {of}\n'


def fixed(keys):
    return f'{FIELD.format(name="form")}kind = "fixed"\n{keys}\n'


def test_what_is_right_is_read(define, parts):
    found = define(
        RATE,
        parts["answers"],
        aids('at_most = 2\nnone_of_these = "none"'),
        needs(),
        computed("product", '["count", "parameter.rate", "aids.count", 2, "sure"]'),
    )
    assert found.codes == []
    fields = {field.name: field for field in found.solution.fields()}
    assert [row.value for row in fields["needs"].rows] == ["food", "shop"]
    assert fields["total"].settings["of"] == ("count", "parameter.rate", "aids.count", 2, "sure")
    assert fields["total"].required


@pytest.mark.parametrize(
    ("keys", "code", "line"),
    [
        ("at_least = 0", "out-of-range", "at_least = 0"),
        ("at_least = 4", "keys-at-odds", "at_least = 4"),
        ('at_least = 3\nnone_of_these = "none"', "keys-at-odds", "at_least = 3"),
        ("at_most = 4", "keys-at-odds", "at_most = 4"),
        ("at_least = 2\nat_most = 1", "keys-at-odds", "at_least = 2"),
        ('none_of_these = "nine"', "not-an-option", 'none_of_these = "nine"'),
    ],
)
def test_several_options_that_nobody_could_choose(define, keys, code, line):
    assert define(aids(keys)).lines == [(code, line)]


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (needs('["food"]'), "unknown-key"),
        (needs("[]"), "empty-list"),
        (needs('["food", "shop", "Indkøb"]'), "bad-name"),
        (needs('["food", "shop", "at_least"]'), "reserved-name"),
        (needs(hint='often.hint.da = "Hver uge"'), "keys-at-odds"),
    ],
)
def test_rows_that_cannot_be_asked_about(define, part, code):
    extra = "".join(
        f'"{row}".da = "Række"\n' for row in ("Indkøb", "at_least") if f'"{row}"' in part
    )
    assert code in define(part + extra).codes


@pytest.mark.parametrize(
    ("operation", "of", "code"),
    [
        ("sum", '["cuont"]', "unknown-source"),
        ("sum", '["total"]', "source-on-later-step"),
        ("sum", '["note"]', "source-of-other-type"),
        ("sum", '["cause"]', "source-of-other-type"),
        ("sum", "[1.5]", "wrong-type"),
        ("sum", "[true]", "wrong-type"),
        ("sum", "[1_000_000_000_001]", "wrong-type"),
        ("sum", "[]", "out-of-range"),
        ("sum", f"[{', '.join(['1'] * 51)}]", "out-of-range"),
        ("sum", '"count"', "wrong-type"),
        ("difference", '["count"]', "keys-at-odds"),
        ("difference", '["count", "count", "count"]', "keys-at-odds"),
        ("product", '["count"]', "keys-at-odds"),
        ("quotient", '["count", 2]', "not-an-option"),
    ],
)
def test_what_cannot_be_computed_is_found_at_its_line(define, parts, operation, of, code):
    found = define(parts["cause"], parts["answers"], computed(operation, of))
    (problem,) = found.lines
    key = "operation" if code == "not-an-option" else "of"
    assert problem == (code, f'{key} = "{operation}"' if key == "operation" else f"of = {of}")


def test_a_number_that_is_answered_later_cannot_be_computed_with(define, parts):
    found = define(computed("sum", '["count"]'), parts["answers"])
    assert found.codes == ["source-on-later-step"]


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ('value = "A1"', []),
        ("value = 3\nshown = true", []),
        ("value = false", []),
        ('parameter = "rate"', []),
        ('value = ""', ["empty-text"]),
        ("value = 1.5", ["wrong-type"]),
        ("value = []", ["wrong-type"]),
        ("", ["keys-at-odds"]),
        ('value = "A1"\nparameter = "rate"', ["keys-at-odds"]),
        ('parameter = "rat"', ["unknown-source"]),
    ],
)
def test_a_fixed_value_comes_from_one_place(define, keys, codes):
    found = define(RATE, fixed(keys))
    assert [code for code in found.codes if code != "parameter-unused"] == codes
    assert ("parameter-unused" in found.codes) is (codes == [] and "parameter" not in keys)


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ('{ aids = "cane" }', []),
        ('{ aids = ["cane", "none"] }', []),
        ('{ aids = { not = "cane" } }', []),
        ("{ aids = { filled = true } }", []),
        ("{ aids.count = { at_least = 2 } }", []),
        ('{ aids = "crutch" }', ["condition-unknown-option"]),
        ("{ aids = 2 }", ["condition-wrong-type"]),
        ("{ aids = { at_least = 2 } }", ["condition-wrong-type"]),
        ('{ needs.food = "often" }', []),
        ("{ needs = { filled = true } }", []),
        ('{ needs = "often" }', ["condition-wrong-type"]),
        ('{ needs.food = "daily" }', ["condition-unknown-option"]),
        ('{ needs.sleep = "often" }', ["condition-unknown-fact"]),
        ("{ total = { above = 3 } }", []),
        ('{ total = "3" }', ["condition-wrong-type"]),
        ('{ form = "A1" }', []),
        ("{ form = 1 }", ["condition-wrong-type"]),
    ],
)
def test_conditions_about_them_are_checked(asking, parts, condition, codes):
    total = computed("sum", '["count"]')
    form = '\n[step.total.form]\nkind = "fixed"\nlabel.da = "Blanket"\nvalue = "A1"\n'
    found = asking(condition, parts["answers"] + aids() + needs() + total + form)
    assert found.codes == codes
