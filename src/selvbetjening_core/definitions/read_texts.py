"""Texts in every language of a solution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selvbetjening_core.definitions.model import Text
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import listed

TEXT_NAMES: Mapping[str, str] = {
    "purpose": "what the solution is for, on the introduction page",
    "prepare": "what to have ready before starting, one thing a line",
    "alternative": "the other way in, for those who cannot use the solution",
    "after": "what happens now, on the receipt",
    "correct": "how to correct or withdraw, on the receipt",
    "privacy": "what is done with the data, and why",
}
"""The texts a solution may have, and what each is for."""

REQUIRED_TEXTS = ("purpose", "alternative", "after")
LANGUAGES = ("da", "en")


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages that each text must be in, and those that it may be in.

    They differ only where the list of languages is itself wrong, which is
    reported there and not once more at every text.
    """

    needed: tuple[str, ...]
    allowed: tuple[str, ...]


def read_text(
    table: Table, key: str, languages: Languages, *, required: bool = True
) -> Text | None:
    """The text under ``key`` in all its languages; None where it is missing."""
    inner = text_table(table, key, required=required)
    if inner is None:
        return None
    text = whole_text(inner, languages)
    finish_text(inner)
    return text


def text_table(table: Table, key: str, *, required: bool = True) -> Table | None:
    """The table under ``key`` whose keys are languages; None where there is none."""
    if isinstance(table.data.get(key), str):
        table.raw(key)
        table.error(
            "text-without-language",
            f'"{key}" does not say in which language it is',
            f'write {key}.da = "…"',
            key,
        )
        return None
    return table.table(key, required=required, advice=f'add {key}.da = "…"')


def whole_text(table: Table, languages: Languages) -> Text:
    """A table whose keys are languages, as a text. Leaves other keys alone."""
    found: dict[str, str] = {}
    for language in languages.needed:
        if table.has(language):
            found[language] = table.text(language)
        else:
            table.error(
                "missing-translation",
                f'the text is missing in the language "{language}"',
                f'add {language} = "…" (the solution\'s languages are {listed(languages.needed)})',
            )
    for language in LANGUAGES:
        if language in languages.allowed or not table.has(language):
            continue
        table.raw(language)
        table.error(
            "unknown-language",
            f'the text is given in "{language}", which is not a language of the solution',
            f'add "{language}" to languages, or take the text out',
            language,
        )
    return Text(found)


def read_texts(table: Table | None, languages: Languages) -> dict[str, Text]:
    """The solution's own texts, by name."""
    if table is None:
        return {}
    texts: dict[str, Text] = {}
    for name in TEXT_NAMES:
        text = read_text(table, name, languages, required=name in REQUIRED_TEXTS)
        if text is not None:
            texts[name] = text
    table.finish(f"the texts of a solution are: {listed(TEXT_NAMES)}")
    return texts


def finish_text(table: Table) -> None:
    """Report keys that are no language."""
    for language in LANGUAGES:
        table.raw(language)
    table.finish(f"a text has languages: {listed(LANGUAGES)}")
