"""The floor: the least that serves the step, written by hand, without any framework.

No session, no protection, no locale: pieces of the page are joined around escaped
answers, and the answers are checked one by one. Nobody would keep such a program; it
tells what the work itself costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from answering.client import WsgiClient
from answering.drafts import ID, Drafts
from answering.frame import Frame
from answering.page import Marks
from answering.rules import EMAIL, LEAST, MOST, PHONE, POSTCODE, is_cpr
from answering.stack import Stack
from answering.step import ERRORS, FIELDS, SUBMIT, TITLE, Asked

MARKS = Marks(group=".form-group", hint=".form-hint", error=".form-error-message")
_HEADERS = [("Content-Type", "text/html; charset=utf-8")]
_NOTHING: Mapping[str, str] = {}
Rule = Callable[[str], object]


def _is_number(text: str) -> bool:
    return text.isdecimal() and LEAST <= int(text) <= MOST


_BY_KIND: Mapping[str, Rule] = {
    "cpr": is_cpr,
    "email": re.compile(EMAIL).match,
    "phone": re.compile(PHONE).match,
    "postcode": re.compile(POSTCODE).match,
    "number": _is_number,
}


def _rule(asked: Asked) -> Rule:
    if asked.options:
        known = {key for key, _ in asked.options}
        return known.__contains__
    if asked.longest:
        longest = asked.longest
        return lambda text: len(text) <= longest
    return _BY_KIND[asked.kind]


_RULES = [(asked.name, asked.required, _rule(asked)) for asked in FIELDS]


def stack(folder: Path, frame: Frame) -> Stack:
    """The application, ready to be asked."""
    drafts = Drafts(folder)
    around = frame.around("@content@", "Nancy Ann Test Berggren", "").split("@content@")
    before = f'{around[0]}<h1>{TITLE}</h1><form method="post" novalidate>'
    after = f'<button class="button" type="submit">{SUBMIT}</button></form>{around[1]}'
    fields = [(asked.name, _draw(asked)) for asked in FIELDS]

    def show(values: Mapping[str, str], errors: Mapping[str, str]) -> bytes:
        drawn = [draw(values.get(name, ""), errors.get(name, "")) for name, draw in fields]
        return "".join((before, *drawn, after)).encode()

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            start_response("200 OK", _HEADERS)
            return [show(drafts.read(ID), _NOTHING)]
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        answers = dict(parse_qsl(body.decode(), keep_blank_values=True))
        errors = _errors(answers)
        if errors:
            start_response("200 OK", _HEADERS)
            return [show(answers, errors)]
        drafts.write(ID, answers)
        start_response("303 See Other", [("Location", "/last")])
        return [b""]

    return Stack(WsgiClient(application), "/home", MARKS, token="", close=drafts.close)


def _errors(answers: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    for name, required, rule in _RULES:
        text = answers.get(name, "")
        if not rule(text) if text else required:
            errors[name] = ERRORS.get(name, "Ret svaret")
    return errors


def _draw(asked: Asked) -> Callable[[str, str], str]:
    name = asked.name
    label, hint = escape(asked.label_text), ""
    if asked.hint:
        hint = f'<span class="form-hint" id="{name}-hint">{escape(asked.hint)}</span>'

    def told(error: str) -> str:
        return f'<span class="form-error-message" id="{name}-error">{error}</span>' if error else ""

    def box(value: str, error: str) -> str:
        return (
            f'<div class="form-group"><label class="form-label" for="{name}">{label}</label>'
            f'{hint}{told(error)}<input class="form-input" type="text" id="{name}"'
            f' name="{name}" value="{escape(value)}"></div>'
        )

    def area(value: str, error: str) -> str:
        return (
            f'<div class="form-group"><label class="form-label" for="{name}">{label}</label>'
            f'{hint}{told(error)}<textarea class="form-input" id="{name}" name="{name}"'
            f' rows="5">\n{escape(value)}</textarea></div>'
        )

    drawn = [(key, *_option(asked, place, key)) for place, (key, _) in enumerate(asked.options, 1)]

    def choice(value: str, error: str) -> str:
        options = "".join([chosen if key == value else other for key, chosen, other in drawn])
        return (
            '<div class="form-group"><fieldset>'
            f'<legend class="form-label">{label}</legend>{hint}{told(error)}{options}'
            "</fieldset></div>"
        )

    if asked.options:
        return choice
    return area if asked.kind == "long_text" else box


def _option(asked: Asked, place: int, key: str) -> tuple[str, str]:
    """One option, chosen and not."""
    name, kind = f"{asked.name}-{place}", "checkbox" if asked.kind == "consent" else "radio"
    text = escape(dict(asked.options)[key])
    return tuple(  # type: ignore[return-value]  # two of them
        f'<div class="option"><input class="form-{kind}" type="{kind}" id="{name}"'
        f' name="{asked.name}" value="{key}"{mark}><label for="{name}">{text}</label></div>'
        for mark in (" checked", "")
    )
