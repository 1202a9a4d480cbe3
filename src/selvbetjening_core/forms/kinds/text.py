"""Kinds that are answered by writing: text, long_text, email, phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.forms.kinds.common import (
    AUTOCOMPLETE,
    COMMON_ERRORS,
    UNIT,
    WIDTH,
    ValueItself,
    as_text,
    deform_widget,
    error_code,
    number_setting,
    one_line,
    schema_node,
)
from selvbetjening_core.forms.types import PlainText
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import (
    KeyDeclaration,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)

TEXT_LIMIT = 200
LONG_TEXT_LIMIT = 4000
EMAIL_LIMIT = 254
PHONE_LIMIT = 30

_EMAIL = re.compile(r"[^@\s<>(),;:\"\\]{1,64}@[^@\s<>(),;:\"\\]+\.[^@\s<>(),;:\"\\.]{2,}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}|[2-9][0-9]{7}", re.ASCII)
_PHONE_NOISE = re.compile(r"[ \u00a0().\-/]")

_MAX_LENGTH = KeyDeclaration(
    "max_length",
    "number",
    "The longest answer that is accepted, in characters. It is told below the input.",
)


@implementer(IFieldKind)
class TextKind(ValueItself):
    """One line of text."""

    declaration = KindDeclaration(
        name="text",
        help="One line of text. 200 characters unless max_length says otherwise.",
        keys=(_MAX_LENGTH, AUTOCOMPLETE, WIDTH, UNIT),
        offers={"": "text"},
        errors=(*COMMON_ERRORS, "not_text", "too_long"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A text input."""
        told = number_setting(request.field, "max_length")
        widget = one_line(request, limit=told)
        return schema_node(request, PlainText(), widget, at_most(told or TEXT_LIMIT))

    def text(self, request: TextRequest) -> str:
        """The text as written."""
        return as_text(request)


@implementer(IFieldKind)
class LongTextKind(ValueItself):
    """Text on several lines."""

    declaration = KindDeclaration(
        name="long_text",
        help="Text on several lines. 4000 characters unless max_length says otherwise.",
        keys=(_MAX_LENGTH,),
        offers={"": "text"},
        errors=(*COMMON_ERRORS, "not_text", "too_long"),
        paper=PaperSpace.LINES,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A text area."""
        told = number_setting(request.field, "max_length")
        widget = deform_widget("TextAreaWidget", template="fields/textarea", rows=6, limit=told)
        checked = at_most(told or LONG_TEXT_LIMIT)
        return schema_node(request, PlainText(lines=True), widget, checked)

    def text(self, request: TextRequest) -> str:
        """The text as written."""
        return as_text(request)


@implementer(IFieldKind)
class EmailKind(ValueItself):
    """An e-mail address. Personal data."""

    declaration = KindDeclaration(
        name="email",
        help="An e-mail address: something, an @, and a domain with a dot in it.",
        keys=(AUTOCOMPLETE,),
        offers={"": "text"},
        errors=(*COMMON_ERRORS, "not_text", "too_long", "not_an_email"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A text input with the keyboard for e-mail addresses."""
        widget = one_line(request, inputmode="email", autocomplete="email")
        return schema_node(request, PlainText(), widget, _is_email)

    def text(self, request: TextRequest) -> str:
        """The address as written."""
        return as_text(request)


@implementer(IFieldKind)
class PhoneKind(ValueItself):
    """A telephone number, Danish or foreign. Personal data."""

    declaration = KindDeclaration(
        name="phone",
        help="A telephone number: eight digits, or + and a country code. Spaces, 0045 and "
        "+45 are accepted; eight digits are stored for a Danish number.",
        keys=(AUTOCOMPLETE,),
        offers={"": "text"},
        errors=(*COMMON_ERRORS, "not_text", "too_long", "not_a_phone_number"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A text input with the keyboard for telephone numbers."""
        widget = one_line(request, inputmode="tel", autocomplete="tel", width="medium")
        node = schema_node(request, PlainText(), widget, _is_phone)
        node.preparer = _plain_phone
        return node

    def text(self, request: TextRequest) -> str:
        """The number, a Danish one in pairs."""
        number = as_text(request)
        if len(number) != 8 or number.startswith("+"):
            return number
        return " ".join(number[i : i + 2] for i in range(0, 8, 2))


def at_most(limit: int) -> Callable[[Any, Any], None]:
    """A validator: at most ``limit`` characters. Code ``too_long``."""

    def check(node: Any, value: str) -> None:
        if len(value) > limit:
            raise colander.Invalid(node, error_code("too_long", limit=limit))

    return check


def _is_email(node: Any, value: str) -> None:
    at_most(EMAIL_LIMIT)(node, value)
    if _EMAIL.fullmatch(value) is None or ".." in value:
        raise colander.Invalid(node, "not_an_email")


def _plain_phone(value: Any) -> Any:
    if not isinstance(value, str) or len(value) > PHONE_LIMIT:
        return value
    number = _PHONE_NOISE.sub("", value)
    if number.startswith("00"):
        number = "+" + number[2:]
    return number.removeprefix("+45") if len(number) == 11 else number


def _is_phone(node: Any, value: str) -> None:
    if _PHONE.fullmatch(value) is None:
        raise colander.Invalid(node, "not_a_phone_number")
