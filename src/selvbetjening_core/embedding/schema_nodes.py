"""From a node of a colander schema to a field of ours."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import colander
from translationstring import TranslationString

from selvbetjening_core.definitions.dates import DateRule
from selvbetjening_core.definitions.model import Field, Option, Text
from selvbetjening_core.embedding.stock import is_stock
from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.problems import Place

# By the names of the schema's type and of its widget ("" is none).
_KINDS = {
    ("String", ""): "text",
    ("String", "TextInputWidget"): "text",
    ("String", "TextAreaWidget"): "long_text",
    ("String", "RadioChoiceWidget"): "choice",
    ("String", "SelectWidget"): "choice",
    ("Integer", ""): "number",
    ("Integer", "TextInputWidget"): "number",
    ("Date", ""): "date",
    ("Date", "DateInputWidget"): "date",
    ("Date", "DatePartsWidget"): "date",
    ("Boolean", ""): "consent",
    ("Boolean", "RadioChoiceWidget"): "yes_no",
    ("Boolean", "CheckboxWidget"): "consent",
}

_LIMITS = {"number": ("min", "max"), "date": ("earliest", "latest")}


def field_of(node: Any, locale: str, place: Place) -> Field:
    """The field that asks what ``node`` asks.

    :raises DefinitionError: there is none; the message names the node and the reason
    """
    _check_node(node)
    kind = _kind(node)
    return Field(
        name=node.name,
        kind=kind,
        step="schema",
        label=Text({locale: _text(node.title)}),
        place=place,
        hint=Text({locale: _text(node.description)}) if node.description else None,
        required=_must_tick(node) if kind == "consent" else node.required,
        options=_options(node, locale) if kind == "choice" else (),
        errors={code: Text({locale: words}) for code, words in _own_words(node, kind)},
        settings=_settings(node, kind),
    )


def name_of_type(node: Any) -> str:
    """The name of a node's colander type, subclasses of it included; or of what it is."""
    for name in ("Mapping", "String", "Integer", "Date", "Boolean"):
        if type(node.typ) is getattr(colander, name):
            return name
    return type(node.typ).__name__


def _check_node(node: Any) -> None:
    if any(isinstance(value, colander.deferred) for value in vars(node).values()):
        raise _unmappable(node, "it has a deferred value: bind the schema first")
    if not node.name.isidentifier():
        raise _unmappable(node, "its name is no plain word")
    if node.raw_title is colander.required or not _text(node.title).strip():
        raise _unmappable(node, "it has no title, which is the question that the citizen reads")


def _kind(node: Any) -> str:
    widget = node.widget
    type_name = name_of_type(node)
    widget_name = "" if widget is None else type(widget).__name__
    kind = _KINDS.get((type_name, widget_name))
    if kind is None:
        shown = f" with the widget {widget_name}" if widget_name else ""
        raise _unmappable(node, f"{type_name}{shown} is not among what we can show")
    if getattr(widget, "multiple", False):
        raise _unmappable(node, "several answers to one choice are not among what we can show")
    if kind == "text" and any(_is_email(one) for one in _validators(node.validator)):
        return "email"
    return kind


def _options(node: Any, locale: str) -> tuple[Option, ...]:
    found = []
    for value, label in _pairs(node):
        if isinstance(label, list | tuple):
            raise _unmappable(node, "groups of options are not among what we can show")
        if value != "":
            found.append(Option(str(value), Text({locale: _text(label)})))
    if not found:
        raise _unmappable(node, "it is a choice without options")
    return tuple(found)


def _pairs(node: Any) -> Iterator[tuple[Any, Any]]:
    for pair in node.widget.values:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise _unmappable(node, "groups of options are not among what we can show")
        yield pair[0], pair[1]


def _settings(node: Any, kind: str) -> dict[str, object]:
    """Limits that we can tell the citizen in words; all others are the schema's to check."""
    found: dict[str, object] = {}
    for one in _validators(node.validator):
        if type(one) is colander.Range and kind in ("number", "date"):
            # A limit with words of the site's own is left to the schema, which has them.
            least, most = _LIMITS[kind]
            found |= _limit(least, one.min) if is_stock(one.min_err) else {}
            found |= _limit(most, one.max) if is_stock(one.max_err) else {}
        elif type(one) is colander.Length and kind in ("text", "long_text") and one.max:
            found |= _limit("max_length", one.max)
    return found


def _own_words(node: Any, kind: str) -> Iterator[tuple[str, str]]:
    """What the site itself says of what our fields find first."""
    if not is_stock(node.missing_msg):
        yield "required", _text(node.missing_msg)
    for one in _validators(node.validator):
        if type(one) is colander.Length and one.max and not is_stock(one.max_err):
            filled = TranslationString(one.max_err, mapping={"max": one.max})
            yield "too_long", _text(filled)
        if _is_email(one) and kind == "email" and not is_stock(one.msg):
            yield "not_an_email", _text(one.msg)


def _limit(name: str, value: object) -> dict[str, object]:
    if isinstance(value, datetime.date):
        return {name: DateRule(value)}
    return {name: value} if isinstance(value, int) else {}


def _validators(validator: Any) -> Iterator[Any]:
    if isinstance(validator, colander.All):
        for one in validator.validators:
            yield from _validators(one)
    elif validator is not None:
        yield validator


def _must_tick(node: Any) -> bool:
    """No tick is an answer, unless the schema takes a tick alone."""
    return any(
        type(one) is colander.OneOf and list(one.choices) == [True]
        for one in _validators(node.validator)
    )


def _is_email(validator: object) -> bool:
    return type(validator) is colander.Email


def _text(text: object) -> str:
    interpolate = getattr(text, "interpolate", None)
    return str(interpolate() if interpolate else text)


def _unmappable(node: Any, reason: str) -> DefinitionError:
    return DefinitionError(f'the field "{node.name}": {reason}')
