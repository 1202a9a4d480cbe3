"""Colander types that read exactly what we store: JSON data, and error codes."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import colander

from selvbetjening_core.forms import bank_account

_DIGITS = re.compile(r"-?[0-9]{1,12}", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
# Control characters (category Cc) but line break and tab; halves of characters (Cs), which
# cannot be kept as UTF-8; and those that turn the order of what follows, also of our own
# words around an answer.
_REFUSED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
# Letters, marks and symbols that have no ink of their own (Default_Ignorable_Code_Point
# outside category Cf, and the empty Braille cell).
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


class PlainText(colander.SchemaType):  # type: ignore[misc]  # colander has no types
    """Text in Unicode NFC without control characters or halves of one. Code ``not_text``.

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
        if cstruct.isascii() and cstruct.isprintable():
            # Most answers: nothing of what follows can change or refuse them.
            return cstruct.strip() or colander.null
        text = unicodedata.normalize("NFC", cstruct.replace("\r\n", "\n").replace("\r", "\n"))
        if not self._lines:
            text = re.sub(r"[\n\t]+", " ", text)
        text = text.strip()
        if _REFUSED.search(text):
            raise colander.Invalid(node, "not_text", text)
        return text if any(_can_be_seen(character) for character in text) else colander.null


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


class ChosenSeveral(colander.SchemaType):  # type: ignore[misc]
    """The values of the chosen options, as a list. Code ``not_an_option``."""

    def serialize(self, node: Any, appstruct: object) -> object:
        """The list itself; nothing where it is none of texts."""
        return appstruct if _is_list_of_texts(appstruct) else colander.null

    def deserialize(self, node: Any, cstruct: object) -> object:
        """The list itself. Whether each is an option is for a validator to say."""
        if cstruct is colander.null or _is_list_of_texts(cstruct):
            return cstruct
        raise colander.Invalid(node, "not_an_option")


class ChosenInRows(colander.SchemaType):  # type: ignore[misc]
    """The value of the chosen option by the value of the row. Code ``not_an_option``."""

    def serialize(self, node: Any, appstruct: object) -> object:
        """The mapping itself; nothing where it is none of texts."""
        return appstruct if _is_mapping_of_texts(appstruct) else colander.null

    def deserialize(self, node: Any, cstruct: object) -> object:
        """The mapping itself. Whether each is an option is for a validator to say."""
        if cstruct is colander.null or _is_mapping_of_texts(cstruct):
            return cstruct
        raise colander.Invalid(node, "not_an_option")


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_mapping_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(row, str) and isinstance(one, str) for row, one in value.items()
    )


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


class Written(colander.SchemaType):  # type: ignore[misc]
    """What is written in one of several ways and kept in one, as text.

    :param read: gives what is kept; None for what cannot be read
    :param code: the error code of what cannot be read
    :param written: how what is kept is written in an input; as it is if left out
    """

    def __init__(
        self,
        read: Callable[[str], str | None],
        code: str,
        written: Callable[[str], str] = str,
    ) -> None:
        self._read = read
        self._code = code
        self._written = written

    def serialize(self, node: Any, appstruct: object) -> object:
        """As it is written in an input; nothing where it cannot be read."""
        if isinstance(appstruct, str) and self._read(appstruct) == appstruct:
            return self._written(appstruct)
        return colander.null

    def deserialize(self, node: Any, cstruct: object) -> object:
        """What is kept."""
        if cstruct is colander.null:
            return colander.null
        kept = self._read(cstruct) if isinstance(cstruct, str) else None
        if kept is None:
            raise colander.Invalid(node, self._code)
        return kept


class BankAccount(colander.SchemaType):  # type: ignore[misc]
    """A registration number and an account number, kept as text with a space between.

    Codes ``account_incomplete``, ``not_a_registration_number`` and
    ``not_an_account_number``.
    """

    def serialize(self, node: Any, appstruct: object) -> object:
        """Both numbers; nothing where it is no text of two."""
        both = appstruct.split(" ") if isinstance(appstruct, str) else []
        return tuple(both) if len(both) == 2 else colander.null

    def deserialize(self, node: Any, cstruct: object) -> object:
        """Both numbers with zeros in front and a space between them."""
        if cstruct is colander.null:
            return colander.null
        if not _is_two_texts(cstruct):
            raise colander.Invalid(node, "account_incomplete")
        parts = bank_account.parts(cstruct)  # type: ignore[arg-type]
        if "" in parts:
            raise colander.Invalid(node, "account_incomplete")
        codes = ("not_a_registration_number", "not_an_account_number")
        found = [bank_account.digits(part, text) for part, text in enumerate(parts)]
        for digits, code in zip(found, codes, strict=True):
            if digits is None:
                raise colander.Invalid(node, code)
        return f"{found[0]} {found[1]}"


def _is_two_texts(value: object) -> bool:
    return (
        isinstance(value, tuple) and len(value) == 2 and all(isinstance(one, str) for one in value)
    )


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
        """``yes`` or ``no``; nothing where it is neither true nor false."""
        if not isinstance(appstruct, bool):
            return colander.null
        return "yes" if appstruct else "no"

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
