"""Kinds that are written as people write them and kept in one way: amount, time, postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import colander
from zope.interface import implementer

from selvbetjening_core.definitions.model import Field
from selvbetjening_core.forms.kinds.common import (
    AUTOCOMPLETE,
    WRITTEN_ERRORS,
    ValueItself,
    as_text,
    error_code,
    number_setting,
    one_line,
    schema_node,
    text_setting,
)
from selvbetjening_core.forms.types import Written
from selvbetjening_core.interfaces import IFieldKind
from selvbetjening_core.texts.formats import kroner, time_of_day
from selvbetjening_core.values import (
    FactsRequest,
    KeyDeclaration,
    KeyProblem,
    KindDeclaration,
    NodeRequest,
    TextRequest,
)

_SPACE = re.compile(r"[ \u00a0\u202f]+")
# 1250 or 1.250 (or with a space), then perhaps ,5 or ,50 or ,- or, as a machine
# writes it, .50: two digits after a point are no thousands. 1,250.50 as our English
# pages write it can only mean one thing; 1,250 alone can mean two, and is refused.
_AMOUNT = re.compile(
    r"(?:(?:kr\.?|dkk) ?)?"
    r"(-?)([0-9]{1,9}|[0-9]{1,3}(?:[. ][0-9]{3}){1,2}|[0-9]{1,3}(?:,[0-9]{3}){1,2}(?=\.[0-9]{2}))"
    r"(?:,([0-9]{1,2}|-)|\.([0-9]{2}))?"
    r"(?: ?(?:kr\.?|dkk))?",
    re.ASCII | re.IGNORECASE,
)
_TIME = re.compile(r"(?:kl\.? ?)?([0-9]{1,2})(?:[.:]?([0-9]{2}))?", re.ASCII | re.IGNORECASE)
_POSTCODE = re.compile(r"(?:DK[- ]?)?([0-9]{4})", re.ASCII | re.IGNORECASE)
_FIRST_POSTCODE, _LAST_POSTCODE = "0800", "9990"


@implementer(IFieldKind)
class AmountKind:
    """An amount in kroner and øre. Kept as text, ``1250.50``: it is exact."""

    declaration = KindDeclaration(
        name="amount",
        help="An amount in kroner and øre: 1250, 1.250,50 or 1250,5 kr. 1,250.50 is read too; "
        "1,250 could mean two amounts and is not. Conditions ask for the fact ore, the amount in "
        "øre: 100000 is 1.000 kr. The value itself is a text.",
        keys=(
            KeyDeclaration(
                "min",
                "number",
                "The smallest amount that is accepted, in whole kroner; 0 if left out.",
            ),
            KeyDeclaration(
                "max", "number", "The greatest amount that is accepted, in whole kroner."
            ),
        ),
        offers={"": "text", "ore": "number"},
        errors=(*WRITTEN_ERRORS, "not_an_amount", "amount_too_small", "amount_too_great"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """An input with the unit kr. beside it."""
        least = number_setting(request.field, "min") or 0
        most = number_setting(request.field, "max")

        def within(node: Any, value: str) -> None:
            if _ore(value) < least * 100:
                limit = kroner(least * 100, request.locale)
                raise colander.Invalid(node, error_code("amount_too_small", min=limit))
            if most is not None and _ore(value) > most * 100:
                limit = kroner(most * 100, request.locale)
                raise colander.Invalid(node, error_code("amount_too_great", max=limit))

        # A keyboard for digits alone has no comma on some telephones, and no minus.
        inputmode = "text" if least < 0 else "decimal"
        widget = one_line(request, inputmode=inputmode, width="medium", unit="kr.")
        typ = Written(_read_amount, "not_an_amount", lambda value: value.replace(".", ","))
        return schema_node(request, typ, widget, within)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The text, and the amount in øre; nothing for an earlier answer that is no amount."""
        kept = str(request.value)
        return {"": kept, "ore": _ore(kept)} if _read_amount(kept) == kept else {}

    def text(self, request: TextRequest) -> str:
        """The amount as money is written: ``1.250,50 kr.``."""
        if not isinstance(request.value, str):
            return ""
        return kroner(_ore(request.value), request.locale)


def _read_amount(text: str) -> str | None:
    match = _AMOUNT.fullmatch(_SPACE.sub(" ", text).strip())
    if match is None:
        return None
    minus, whole, comma, point = match.groups()
    ore = (comma or point or "").rstrip("-").ljust(2, "0")
    number = int(re.sub(r"[., ]", "", whole))
    is_nothing = number == 0 and ore == "00"
    return f"{'' if is_nothing else minus}{number}.{ore}"


def _ore(kept: str) -> int:
    return int(kept.replace(".", ""))


def _check_time(field: Field) -> Iterator[KeyProblem]:
    for key in ("earliest", "latest"):
        written = text_setting(field, key)
        if written and _read_time(written) != written:
            yield KeyProblem(key, f'"{written}" is no time', 'write hour and minute: "08:00"')
            return
    earliest, latest = text_setting(field, "earliest"), text_setting(field, "latest")
    if earliest and latest and latest < earliest:
        yield KeyProblem(
            "latest",
            "no time can be answered: the latest is before the earliest",
            "write a latest that is not before the earliest",
        )


@implementer(IFieldKind)
class TimeKind:
    """A time of day. Kept as ISO text, ``14:30``."""

    declaration = KindDeclaration(
        name="time",
        help="A time of day in hours and minutes: 14.30, 14:30, 1430 or kl. 14.30. Conditions may "
        "ask for the fact minutes, counted from midnight.",
        keys=(
            KeyDeclaration("earliest", "text", 'The earliest time that is accepted: "08:00".'),
            KeyDeclaration("latest", "text", 'The latest time that is accepted: "15:30".'),
        ),
        check=_check_time,
        offers={"": "text", "minutes": "number"},
        errors=(*WRITTEN_ERRORS, "not_a_time", "time_too_early", "time_too_late"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A short input."""
        earliest = text_setting(request.field, "earliest")
        latest = text_setting(request.field, "latest")

        def within(node: Any, value: str) -> None:
            if earliest and value < earliest:
                limit = time_of_day(earliest, request.locale)
                raise colander.Invalid(node, error_code("time_too_early", min=limit))
            if latest and value > latest:
                limit = time_of_day(latest, request.locale)
                raise colander.Invalid(node, error_code("time_too_late", max=limit))

        typ = Written(_read_time, "not_a_time", lambda kept: time_of_day(kept, request.locale))
        return schema_node(request, typ, one_line(request, width="short"), within)

    def facts(self, request: FactsRequest) -> Mapping[str, object]:
        """The time as ISO text, and the minutes since midnight; nothing for what is no time."""
        kept = str(request.value)
        if _read_time(kept) != kept:
            return {}
        hour, minute = kept.split(":")
        return {"": kept, "minutes": int(hour) * 60 + int(minute)}

    def text(self, request: TextRequest) -> str:
        """The time as it is written in the language: ``14.30``."""
        return time_of_day(request.value, request.locale) if isinstance(request.value, str) else ""


def _read_time(text: str) -> str | None:
    match = _TIME.fullmatch(_SPACE.sub(" ", text).strip())
    if match is None:
        return None
    hour, minute = int(match.group(1)), int(match.group(2) or 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


@implementer(IFieldKind)
class PostcodeKind(ValueItself):
    """A Danish postcode, as text: 0800 begins with a zero."""

    declaration = KindDeclaration(
        name="postcode",
        help="A Danish postcode: four digits, 0800 to 9990. DK-8000 is accepted too. Whether the "
        "postcode is in use is not looked up.",
        keys=(AUTOCOMPLETE,),
        offers={"": "text"},
        errors=(*WRITTEN_ERRORS, "not_a_postcode"),
    )

    def node(self, request: NodeRequest) -> colander.SchemaNode:
        """A short input with the keyboard for digits."""
        widget = one_line(request, inputmode="numeric", autocomplete="postal-code", width="short")
        return schema_node(request, Written(_read_postcode, "not_a_postcode"), widget)

    def text(self, request: TextRequest) -> str:
        """The four digits."""
        return as_text(request)


def _read_postcode(text: str) -> str | None:
    match = _POSTCODE.fullmatch(text.strip())
    if match is None or not _FIRST_POSTCODE <= match.group(1) <= _LAST_POSTCODE:
        return None
    return match.group(1)
