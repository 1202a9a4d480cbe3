"""Colander types that read exactly what we store: JSON data, and error codes."""

from __future__ import annotations

import datetime
import re
import unicodedata
from typing import Any

import colander

_DIGITS = re.compile(r"-?[0-9]{1,12}", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
_LINE_BREAKS = frozenset("\n\t")
# They turn the order of what follows, also of our own words around an answer.
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
# Letters, marks and symbols that have no ink of their own (Default_Ignorable_Code_Point
# outside category Cf, and the empty Braille cell).
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


class PlainText(colander.SchemaType):  # type: ignore[misc]  # colander has no types
    """Text in Unicode NFC without control characters. Code ``not_text``.

    Characters that turn the direction of text are refused too; text that shows
    nothing is no answer. Joiners inside words and emoji are kept.

    :param lines: whether line breaks are allowed; otherwise they become spaces
    """

    def __init__(self, *, lines: bool = False) -> None:
        self._lines = lines

    def serialize(self, node: Any, appstruct: object) -> object:
        """The text itself."""
        return colander.null if appstruct is colander.null else str(appstruct)

    def deserialize(self, node: Any, cstruct: object) -> object:
        """The text, normalised; null when nothing is left of it."""
        if cstruct is colander.null:
            return colander.null
        if not isinstance(cstruct, str):
            raise colander.Invalid(node, "not_text")
        text = unicodedata.normalize("NFC", cstruct.replace("\r\n", "\n").replace("\r", "\n"))
        if not self._lines:
            text = re.sub(r"[\n\t]+", " ", text)
        text = text.strip()
        if any(_is_control(character) for character in text):
            raise colander.Invalid(node, "not_text", text)
        return text if any(_can_be_seen(character) for character in text) else colander.null


def _is_control(character: str) -> bool:
    if character in _TURNS_TEXT:
        return True
    return unicodedata.category(character) == "Cc" and character not in _LINE_BREAKS


def _can_be_seen(character: str) -> bool:
    unseen = unicodedata.category(character) in _UNSEEN_CATEGORIES
    return not unseen and _UNSEEN.fullmatch(character) is None


class Chosen(colander.SchemaType):  # type: ignore[misc]
    """The value of an option, as it was sent. Whether it is one is for a validator to say."""

    def serialize(self, node: Any, appstruct: object) -> object:
        """The value itself."""
        return colander.null if appstruct is colander.null else str(appstruct)

    def deserialize(self, node: Any, cstruct: object) -> object:
        """The value itself. Code ``not_an_option`` for what is no text at all."""
        if cstruct is colander.null or isinstance(cstruct, str):
            return cstruct
        raise colander.Invalid(node, "not_an_option")


class WholeNumber(colander.SchemaType):  # type: ignore[misc]
    """A whole number in ASCII digits, at most twelve. Code ``not_a_number``."""

    def serialize(self, node: Any, appstruct: object) -> object:
        """The number in digits."""
        return colander.null if appstruct is colander.null else str(appstruct)

    def deserialize(self, node: Any, cstruct: object) -> object:
        """The number."""
        if cstruct is colander.null:
            return colander.null
        if not isinstance(cstruct, str) or _DIGITS.fullmatch(cstruct.strip(" ")) is None:
            raise colander.Invalid(node, "not_a_number")
        return int(cstruct)


class CalendarDate(colander.SchemaType):  # type: ignore[misc]
    """A date, kept as ISO text. Codes ``date_incomplete`` and ``not_a_date``."""

    def serialize(self, node: Any, appstruct: object) -> object:
        """The ISO text."""
        return colander.null if appstruct is colander.null else str(appstruct)

    def deserialize(self, node: Any, cstruct: object) -> object:
        """Year, month and day with hyphens between them, as ISO text."""
        if cstruct is colander.null:
            return colander.null
        if not isinstance(cstruct, str):
            raise colander.Invalid(node, "not_a_date")
        if "" in cstruct.split("-"):
            raise colander.Invalid(node, "date_incomplete")
        match = _DAY.fullmatch(cstruct)
        if match is None:
            raise colander.Invalid(node, "not_a_date")
        try:
            return datetime.date(*(int(part) for part in match.groups())).isoformat()
        except ValueError:
            raise colander.Invalid(node, "not_a_date") from None


class YesNo(colander.SchemaType):  # type: ignore[misc]
    """``yes`` or ``no`` as true or false. Code ``not_an_option``."""

    def serialize(self, node: Any, appstruct: object) -> object:
        """``yes`` or ``no``."""
        if appstruct is colander.null:
            return colander.null
        return "yes" if appstruct is True else "no"

    def deserialize(self, node: Any, cstruct: object) -> object:
        """True or false."""
        if cstruct is colander.null:
            return colander.null
        if cstruct not in ("yes", "no"):
            raise colander.Invalid(node, "not_an_option")
        return cstruct == "yes"


class Ticked(colander.SchemaType):  # type: ignore[misc]
    """A tick as true; no tick is no answer. Code ``not_an_option``."""

    def serialize(self, node: Any, appstruct: object) -> object:
        """``true`` for a tick."""
        return "true" if appstruct is True else colander.null

    def deserialize(self, node: Any, cstruct: object) -> object:
        """True."""
        if cstruct is colander.null:
            return colander.null
        if cstruct != "true":
            raise colander.Invalid(node, "not_an_option")
        return True
