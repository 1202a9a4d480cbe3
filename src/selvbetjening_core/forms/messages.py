"""From an error code to a finished message in the citizen's language."""

from __future__ import annotations

from collections.abc import Mapping

import colander

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.texts import fill, placeholders, texts_for

NOW_NEEDED = "now_needed"
NO_LONGER_OFFERED = "no_longer_offered"
INVALID = "invalid"
_ANYTHING = "\0"
"""Stands in a text for a value; no text holds it."""


def invalid_message(field: Field, invalid: colander.Invalid, locale: str) -> str:
    """The message for what colander found wrong: the first thing, told once.

    Whatever is not an error code known to us or to the definition (a stock
    sentence of a library, say) becomes the general message: it never reaches
    a citizen.
    """
    for code in _codes(invalid):
        if _is_known(field, code):
            values = getattr(code, "mapping", None) or {}
            return error_message(field, str(code), values, locale)
    return error_message(field, INVALID, {}, locale)


def error_message(field: Field, code: str, values: Mapping[str, object], locale: str) -> str:
    """The definition's own message for ``code``, else the default for kind and code."""
    known = {**values, "label": field.label.in_language(locale)}
    own = field.errors.get(code)
    if own is not None:
        text = own.in_language(locale)
        # Curly brackets in a definition's text that name nothing stay as they are.
        return fill(text, {name: f"{{{name}}}" for name in placeholders(text)} | known)
    for text in _default_texts(field, code, locale):
        # A kind may give a code without the values our own text for it needs.
        if placeholders(text) <= known.keys():
            return fill(text, known)
    return texts_for(locale).t(f"field_error.{INVALID}", **known)


def message_text(field: Field, code: str, locale: str) -> str:
    """The message for ``code`` before its values are put in; empty where there is none."""
    own = field.errors.get(code)
    texts = [own.in_language(locale)] if own else _default_texts(field, code, locale)
    return next(iter(texts), "")


def could_say(field: Field, code: str, message: str, locale: str) -> bool:
    """Could ``message`` be the one for ``code``, with some values?"""
    text = message_text(field, code, locale)
    values = dict.fromkeys(placeholders(text), _ANYTHING)
    filled = fill(text, {**values, "label": field.label.in_language(locale)})
    return bool(text) and _fits(filled.split(_ANYTHING), message)


def _fits(parts: list[str], message: str) -> bool:
    """Is the message these parts in order, with anything between them?"""
    first, *rest = parts
    if not rest or not message.startswith(first):
        return message == first
    at = len(first)
    for part in rest[:-1]:
        found = message.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(message) - len(rest[-1]) >= at and message.endswith(rest[-1])


def _default_texts(field: Field, code: str, locale: str) -> list[str]:
    by_key = texts_for(locale).by_key
    keys = (f"field_error.{field.kind}.{code}", f"field_error.{code}")
    return [by_key[key] for key in keys if key in by_key]


def _codes(invalid: colander.Invalid) -> list[str]:
    return [
        message
        for path in invalid.paths()
        for one in path
        for message in one.messages()
        if isinstance(message, str)
    ]


def _is_known(field: Field, code: str) -> bool:
    by_key = texts_for("da").by_key
    return code in field.errors or f"field_error.{code}" in by_key
