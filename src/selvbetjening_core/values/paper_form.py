"""A solution as a form on paper: what is asked, and how much room the answer gets."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping
from dataclasses import dataclass

from selvbetjening_core.values.case import Contact


class PaperSpace(enum.StrEnum):
    """How a question is answered with a pen."""

    LINE = "line"
    LINES = "lines"
    DATE = "date"
    CPR = "cpr"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    TICK = "tick"
    TABLE = "table"
    PERSON = "person"
    PEOPLE = "people"
    ENCLOSE = "enclose"
    PARTS = "parts"
    TOLD = "told"
    """Text alone: nothing is answered."""
    NOTHING = "nothing"
    """It is not on paper at all: the municipality knows it, or works it out."""


@dataclass(frozen=True, slots=True)
class PaperOption:
    """One box to tick."""

    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question.

    :param when: when it is to be answered, as a sentence; empty: always
    :param rows: of a table, whose columns are the ``options``
    :param parts: the questions of a group, asked ``copies`` times, each time
        under ``each`` and its number
    :param unit: printed behind the line, such as ``kr.``
    """

    label: str
    space: PaperSpace
    hint: str = ""
    is_optional: bool = False
    when: str = ""
    options: tuple[PaperOption, ...] = ()
    rows: tuple[str, ...] = ()
    unit: str = ""
    parts: tuple[PaperQuestion, ...] = ()
    each: str = ""
    copies: int = 1


@dataclass(frozen=True, slots=True)
class PaperStep:
    """The questions of one step, to be answered ``when`` its sentence says; empty: always."""

    title: str
    questions: tuple[PaperQuestion, ...]
    lead: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A whole form, ready to be printed. Holds nobody's data.

    :param sha256: of the definition, so that what comes back can be told apart
    :param printed_on: the prices are those of that day
    :param prices: what it costs, each with its amount
    :param is_free: whoever applies, it costs nothing
    :param words: the form's own words, by name
    """

    solution: str
    version: str
    sha256: str
    title: str
    locale: str
    authority: str
    municipality_code: str
    contact: Contact
    printed_on: datetime.date
    purpose: str
    prepare: tuple[str, ...]
    steps: tuple[PaperStep, ...]
    prices: tuple[tuple[str, str], ...]
    is_free: bool
    privacy: str
    laws: tuple[str, ...]
    words: Mapping[str, str]
