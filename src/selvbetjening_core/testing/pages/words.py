"""The words that must not reach a citizen.

The lists hold words that are common in one language and that no municipality has
a use for in the other: "is", "for" and "have" are both Danish and English, so they
are not here; a Danish duck ("and") is not expected.
"""

from __future__ import annotations

import re


def _words(listed: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(listed.split())})(?![\w-])", re.IGNORECASE)


ENGLISH_WORDS = _words(
    """
    about again and answer answers another are back because before between
    button cancel cannot change choose click close continue correct could day
    delete details does empty enter error errors field fields file from here
    invalid its least long maximum message minimum missing month must next not
    number page please previous question required save select should some
    something submit than that the their there these this those value was were
    what when where which with without wrong year yes you your yourself
    """
)
"""English words that are no Danish words."""

DANISH_WORDS = _words(
    """
    af aldrig bliver blev dag denne dette dine dit eller endnu fejl
    fordi forkert fra har hedder hvad hvem hvis hvor hvorfor hvornår igen
    ikke ingen intet jeg kommunen kortet kun mangler mig måned nej næste
    også og oplysninger på rettes skal skriv svar svarene til tilbage trin uden
    udfyld valgfrit vælg være år
    """
)
"""Danish words that are no English words."""

INTERNAL_WORDS = _words(
    """
    colander cstruct csrf deform exception keyerror nonetype peppercorn pstruct
    pyramid sqlalchemy sqlite stacktrace traceback typeerror undefined
    valueerror widget
    """
)
"""Words from inside the program, wrong in either language."""

_STOCK = (
    r"^Required$",
    r"\bnot a mapping type\b",
    r"\bis not a (number|string|boolean|iterable|valid)",
    r"\bInvalid (date|time|email|URL|pstruct|value|CSRF)",
    r"\b(Shorter|Longer) than (minimum|maximum) length",
    r"\bis (less|greater) than (minimum|maximum) value",
    r"\bis not one of\b",
    r"\bMust be (a|an|one)\b",
    r"\bThere was a problem with your submission\b",
    r"\bErrors have been highlighted below\b",
    r"\bIncomplete (date|time)\b",
    r"\bUnrecognized keys\b",
    r"\bString does not match expected pattern\b",
    r"\b(Internal Server Error|Bad Request|Not Found|Forbidden|Service Unavailable)\b",
    r"\bThis field is required\b",
    r"\bFeltet (er påkrævet|skal udfyldes)\b",
    r"\bUgyldig(t)? (felt|indtastning|værdi|input)\b",
    r"\bPåkrævet\b",
    r"\bDer opstod en (uventet )?fejl\b",
)
STOCK_SENTENCES = re.compile("|".join(_STOCK))
"""What form libraries and web servers say; also the phrases that name no field."""

LEFTOVERS = re.compile(
    r"\{\{|\}\}|\{%|%\}|\{[a-z_]+\}|\$\{|%\([a-z_]+\)s|&(?:amp|lt|gt|quot|nbsp);"
    r"|<(?:bound method|function|class|generator)\b|\bobject at 0x[0-9a-f]+"
    r"|\[object Object\]|\bLorem ipsum\b|\bTODO\b|\bFIXME\b"
)
"""What a template or a program leaves behind."""

NOTHING_WORDS = frozenset({"None", "True", "False", "null", "undefined", "NaN", "nan", "[]", "{}"})
"""A text that consists of one of these is no text."""
