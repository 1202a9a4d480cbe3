"""Reading the options of a choice, and the rows of a matrix, with their texts."""

from __future__ import annotations

from collections.abc import Iterator

from selvbetjening_core.definitions.model import Option
from selvbetjening_core.definitions.read_texts import (
    Languages,
    finish_text,
    read_text,
    text_table,
    whole_text,
)
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import listed


def read_options(table: Table, languages: Languages, *, conditional: bool) -> Iterator[Option]:
    """The values under ``options``, two at least, with their texts.

    :param conditional: an option may have a condition, which is read later
    """
    keys = ("when",) if conditional else ()
    yield from read_listed(table, "options", "option", languages, keys)
    written = table.data.get("options")
    if isinstance(written, list) and len(written) == 1 and isinstance(written[0], str):
        table.error(
            "too-few-options",
            "a choice between one thing is none",
            "add options, or ask in another way (yes_no, consent)",
            "options",
        )


def read_listed(
    table: Table, key: str, texts_key: str, languages: Languages, later: tuple[str, ...] = ()
) -> Iterator[Option]:
    """Values in a list under ``key``, each with its text in the table ``texts_key``.

    :param later: keys beside the texts that somebody else reads
    """
    texts = table.table(texts_key, required=True)
    values = table.text_list(key)
    if texts is None:
        return
    for value in values:
        inner = text_table(texts, value)
        if inner is not None:
            hint = read_text(inner, "hint", languages, required=False)
            for one in later:
                inner.raw(one)
            label = whole_text(inner, languages)
            finish_text(inner)
            yield Option(value, label, hint)
    texts.finish(f"the {key} are: {listed(values)}")
