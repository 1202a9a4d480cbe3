"""Conditions on ``required`` and on options, read and checked."""

from __future__ import annotations

import pytest

from selvbetjening_core.definitions.conditions import Compare, Operator

WAY = """
[step.way]
title.da = "Hvordan?"

[step.way.way]
kind     = "choice"
label.da = "Levering"
required = {required}
options  = ["post", "mail"]

[step.way.way.option]
post.da = "Brev"
{post_when}
mail.da = "Mail"
{mail_when}
"""
CONDITION = '{ cause = "lost" }'
LOST = Compare("cause", Operator.EQUALS, "lost")


def way(required="true", post="", mail=""):
    return WAY.format(
        required=required,
        post_when=f"post.when = {post}" if post else "",
        mail_when=f"mail.when = {mail}" if mail else "",
    )


def field_of(solution, name):
    return next(field for field in solution.fields() if field.name == name)


@pytest.mark.parametrize(
    ("written", "required", "condition"),
    [("true", True, None), ("false", False, None), (CONDITION, False, LOST)],
)
def test_required_is_told_or_depends(define, parts, written, required, condition):
    definition = define(parts["cause"], way(written))
    assert definition.codes == []
    found = field_of(definition.solution, "way")
    assert (found.required, found.required_when) == (required, condition)


def test_an_option_has_a_condition_of_its_own(define, parts):
    definition = define(parts["cause"], way(post=CONDITION))
    assert definition.codes == []
    options = field_of(definition.solution, "way").options
    assert [(one.value, one.when) for one in options] == [("post", LOST), ("mail", None)]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ('{ casue = "lost" }', "condition-unknown-fact"),
        ('{ cause = "stolen" }', "condition-unknown-option"),
        ('{ way = "mail" }', "condition-on-later-step"),
        ("{ }", "condition-empty"),
    ],
)
def test_a_wrong_condition_is_reported_at_its_line(define, parts, condition, code):
    required = define(parts["cause"], way(condition))
    assert required.lines == [(code, f"required = {condition}")]
    option = define(parts["cause"], way(post=condition))
    assert option.lines == [(code, f"post.when = {condition}")]


def test_required_is_no_text(define, parts):
    assert define(parts["cause"], way('"yes"')).codes == ["wrong-type"]


def test_one_option_at_least_is_always_offered(define, parts):
    definition = define(parts["cause"], way(post=CONDITION, mail=CONDITION))
    assert definition.lines == [("no-option-left", 'options  = ["post", "mail"]')]


@pytest.mark.parametrize("where", ["required", "post"])
def test_a_parameter_that_such_a_condition_asks_about_is_used(define, parts, where):
    parameter = '[parameter.free]\nkind = "yes_no"\nlabel.da = "Gratis"\ndefault = true\n'
    assert define(parameter, parts["cause"], way()).codes == ["parameter-unused"]
    asked = way(**{where: "{ parameter.free = true }"})
    assert define(parameter, parts["cause"], asked).codes == []
