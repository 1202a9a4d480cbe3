"""Read-only fields, read and checked."""

from __future__ import annotations

import pytest

from selvbetjening_core.definitions.conditions import Compare, Operator

CARD = """
[step.card]
title.da = "Kortet"

[step.card.nick]
kind     = "{source_kind}"
label.da = "Kaldenavn"

[step.card.on_card]
kind     = "{kind}"
label.da = "Navn på kortet"
{keys}
"""
LOST = Compare("cause", Operator.EQUALS, "lost")
FROM_NICK = 'value_from = "nick"'


def card(keys, kind="text", source_kind="text"):
    return CARD.format(kind=kind, keys=keys, source_kind=source_kind)


@pytest.mark.parametrize(
    ("written", "always", "condition"),
    [("true", True, None), ("false", False, None), ('{ cause = "lost" }', False, LOST)],
)
def test_read_only_is_told_or_depends(define, parts, written, always, condition):
    definition = define(parts["cause"], card(f"read_only = {written}\n{FROM_NICK}"))
    assert definition.codes == []
    (found,) = (one for one in definition.solution.fields() if one.name == "on_card")
    assert (found.read_only, found.read_only_when) == (always, condition)
    assert found.settings["value_from"] == "nick"


@pytest.mark.parametrize(
    ("keys", "kind", "source_kind", "code"),
    [
        ("read_only = true", "text", "text", "keys-at-odds"),
        (FROM_NICK, "text", "text", "keys-at-odds"),
        ('read_only = true\nvalue_from = "nobody"', "text", "text", "unknown-source"),
        ('read_only = true\nvalue_from = "on_card"', "text", "text", "source-on-later-step"),
        (f"read_only = true\n{FROM_NICK}", "text", "number", "source-of-other-type"),
        (f"read_only = true\n{FROM_NICK}", "number", "text", "source-of-other-type"),
        (f"read_only = true\n{FROM_NICK}", "consent", "yes_no", "unknown-key"),
        (f'read_only = "yes"\n{FROM_NICK}', "text", "text", "wrong-type"),
        (f"read_only = {{ on_card = 1 }}\n{FROM_NICK}", "text", "text", "condition-on-later-step"),
    ],
)
def test_what_cannot_be_given_is_told(define, parts, keys, kind, source_kind, code):
    assert code in define(parts["cause"], card(keys, kind, source_kind)).codes
