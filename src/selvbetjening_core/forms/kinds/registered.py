"""Kinds that are a number in a public register: cpr, cvr, p_number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.forms.kinds.common import (
    WRITTEN_ERRORS,
    ValueItself,
    as_text,
    one_line,
    schema_node,
)
from selvbetjening_core.forms.types import Written
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.values import (
    CprNumber,
    FactsRequest,
    KindDeclaration,
    NodeRequest,
    PaperSpace,
    TextRequest,
)

_CVR = re.compile(r"(?:DK)?([1-9][0-9]{7})", re.ASCII | re.IGNORECASE)
_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
_P_NUMBER = re.compile(r"[1-9][0-9]{9}", re.ASCII)
_BETWEEN = re.compile(r"[ \u00a0.\-]")
_CPR_LENGTH = 10
# What a CPR number is copied with: spaces, and the dash of a text for a hyphen.
_SPACES = re.compile(r"[ \u00a0]")
_DASHES = re.compile(r"[\u2010\u2011\u2013]")


@implementer(IFieldKind)
class CprKind:
    """A CPR number. Personal data, kept as ten digits.

    The browser is asked not to remember it. Modulus 11 is never tested: the
    CPR office issues numbers without it since 2007.
    """

    declaration = KindDeclaration(
        name="cpr",
        help="A CPR number: ten digits that begin with a date, with or without a hyphen. "
        "Replacement numbers (60 added to the day) are accepted, and so are numbers that fail "
        "modulus 11. Conditions may ask for the fact age, in whole years. Ask for a CPR number "
        "only of people whom the register cannot tell: the citizen's own is known from the login.",
        offers={"": "text", "age": "number"},
        errors=(*WRITTEN_ERRORS, "not_a_cpr_number"),
        paper=PaperSpace.CPR,
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """An input with the keyboard for digits."""
        widget = one_line(request, inputmode="numeric", autocomplete="off", width="medium")
        return schema_node(request, Written(_read_cpr, "not_a_cpr_number", _hyphenated), widget)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The ten digits, and the age today; nothing for what is no CPR number."""
        kept = str(request.value)
        number = _cpr_number(kept)
        if number is None or number.reveal() != kept:
            return {}
        return {"": kept, "age": number.age_on(request.today)}

    def text(self, request: TextRequest) -> str:
        """The number with its hyphen: ``DDMMYY-XXXX``. Personal data."""
        return _hyphenated(as_text(request))


def _read_cpr(text: str) -> str | None:
    number = _cpr_number(text)
    return None if number is None else number.reveal()


def _cpr_number(text: str) -> CprNumber | None:
    try:
        return CprNumber(_DASHES.sub("-", _SPACES.sub("", text.strip())))
    except ValueError:
        return None


def _hyphenated(kept: str) -> str:
    return f"{kept[:6]}-{kept[6:]}" if len(kept) == _CPR_LENGTH else kept


@implementer(IFieldKind)
class CvrKind(ValueItself):
    """A CVR number, kept as eight digits.

    Modulus 11 is tested: every CVR number keeps it (Erhvervsstyrelsen,
    "Modulus 11 kontrol", erhvervsstyrelsen.dk/modulus_11).
    """

    declaration = KindDeclaration(
        name="cvr",
        help="A CVR number: eight digits, of which the last is a check digit. Spaces and DK in "
        "front are accepted. Whether the company exists is not looked up.",
        offers={"": "text"},
        errors=(*WRITTEN_ERRORS, "not_a_cvr_number", "wrong_check_digit"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """An input with the keyboard for digits."""
        widget = one_line(request, inputmode="numeric", autocomplete="off", width="medium")
        typ = Written(_read_cvr, "not_a_cvr_number")
        return schema_node(request, typ, widget, _keeps_modulus_11)

    def text(self, request: TextRequest) -> str:
        """The eight digits."""
        return as_text(request)


def _read_cvr(text: str) -> str | None:
    match = _CVR.fullmatch(_BETWEEN.sub("", text))
    return match.group(1) if match else None


def _keeps_modulus_11(node: Any, value: str) -> None:
    total = sum(int(digit) * weight for digit, weight in zip(value, _CVR_WEIGHTS, strict=True))
    if total % 11:
        raise colander.Invalid(node, "wrong_check_digit")


@implementer(IFieldKind)
class PNumberKind(ValueItself):
    """A P number, of a production unit. Kept as ten digits.

    Modulus 11 is not tested: a series of P numbers was issued with wrong
    weights (Erhvervsstyrelsen, "Modulus 11 kontrol", erhvervsstyrelsen.dk/modulus_11).
    """

    declaration = KindDeclaration(
        name="p_number",
        help="A P number, of a company's production unit: ten digits. Spaces are accepted. Whether "
        "the unit exists is not looked up.",
        offers={"": "text"},
        errors=(*WRITTEN_ERRORS, "not_a_p_number"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """An input with the keyboard for digits."""
        widget = one_line(request, inputmode="numeric", autocomplete="off", width="medium")
        return schema_node(request, Written(_read_p_number, "not_a_p_number"), widget)

    def text(self, request: TextRequest) -> str:
        """The ten digits."""
        return as_text(request)


def _read_p_number(text: str) -> str | None:
    number = _BETWEEN.sub("", text)
    return number if _P_NUMBER.fullmatch(number) else None
