"""Sections of a step: what stands in them shows with them."""

from __future__ import annotations

import pytest

from selvbetjening_core.definitions.conditions import AllOf, Compare, Operator

STEP = """
[step.more]
title.da = "Mere"

[step.more.before]
kind     = "text"
label.da = "Før"

[step.more.head]
kind     = "section"
label.da = "Om tabet"
{condition}

[step.more.where]
kind     = "text"
label.da = "Hvor"

[step.more.abroad]
kind     = "text"
label.da = "Hvilket land"
visible  = {{ where = "abroad" }}

[step.more.last]
kind     = "section"
label.da = "Til sidst"

[step.more.after]
kind     = "text"
label.da = "Efter"
"""
LOST = Compare("cause", Operator.EQUALS, "lost")
ABROAD = Compare("where", Operator.EQUALS, "abroad")
WHEN_LOST = 'visible = { cause = "lost" }'


def visible(definition):
    return {one.name: one.visible for one in definition.solution.step("more").fields}


def test_what_stands_in_a_section_shows_with_it(define, parts):
    definition = define(parts["cause"], STEP.format(condition=WHEN_LOST))
    assert definition.codes == []
    assert visible(definition) == {
        "before": None,
        "head": LOST,
        "where": LOST,
        "abroad": AllOf((LOST, ABROAD)),
        "last": None,
        "after": None,
    }


def test_a_section_without_a_condition_changes_nothing(define, parts):
    definition = define(parts["cause"], STEP.format(condition=""))
    assert definition.codes == []
    shown = visible(definition)
    assert shown.pop("abroad") == ABROAD
    assert set(shown.values()) == {None}


def test_a_condition_of_a_section_that_is_wrong_is_told_once(define, parts):
    wrong = STEP.format(condition="visible = { nobody = true }")
    assert define(parts["cause"], wrong).codes == ["condition-unknown-fact"]


HEAD = """
[step.more.{name}]
kind     = "section"
label.da = "Tom"
"""


@pytest.mark.parametrize(
    "text",
    [
        STEP.format(condition="") + HEAD.format(name="end"),
        STEP.format(condition=HEAD.format(name="twice")),
    ],
    ids=["at the end", "before another"],
)
def test_a_section_that_heads_nothing_is_told(define, parts, text):
    assert define(parts["cause"], text).codes == ["empty-section"]


def test_a_section_stands_on_a_step_and_not_in_a_group(define, parts):
    group = HEAD.format(name="x").replace("step.more", "group.child")
    assert "kind-not-in-group" in define(parts["cause"], group).codes
