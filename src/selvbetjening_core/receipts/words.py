"""A receipt's own words: the table ``[document]`` of the core's texts."""

from __future__ import annotations

from selvbetjening_core.texts import LANGUAGES, texts_for

_TABLE = "document."


def language(locale: str) -> str:
    """The language a receipt is written in: the one asked for, else the first there is."""
    return locale if locale in LANGUAGES else next(iter(LANGUAGES))


def words(locale: str) -> dict[str, str]:
    """The words of a receipt in ``locale``, by name, such as ``number``."""
    return {
        key.removeprefix(_TABLE): text
        for key, text in texts_for(language(locale)).by_key.items()
        if key.startswith(_TABLE)
    }
