"""A receipt's words: the tables ``[parties]`` and ``[document]`` of the core's texts.

Who acts for whom is told in the words of the web page; the rest is the document's own.
"""

from __future__ import annotations

from selvbetjening_core.texts import LANGUAGES, texts_for

_TABLES = ("parties.", "document.")


def language(locale: str) -> str:
    """The language a receipt is written in: the one asked for, else the first there is."""
    return locale if locale in LANGUAGES else next(iter(LANGUAGES))


def words(locale: str) -> dict[str, str]:
    """The words of a receipt in ``locale``, by name, such as ``number``."""
    by_key = texts_for(language(locale)).by_key
    return {
        key.removeprefix(table): text
        for table in _TABLES
        for key, text in by_key.items()
        if key.startswith(table)
    }
