"""A municipality's own words in place of a solution's texts."""

from __future__ import annotations

from selvbetjening_core.definitions.model import Text
from selvbetjening_core.definitions.read_texts import TEXT_NAMES, Languages, read_text
from selvbetjening_core.files import Table
from selvbetjening_core.files.table import closest, listed


def own_texts(table: Table | None, languages: Languages) -> dict[str, Text]:
    """The texts that a municipality puts in place of the solution's."""
    texts: dict[str, Text] = {}
    for name in table.data if table else ():
        assert table is not None  # noqa: S101 - for the type checker; see the loop
        if name in TEXT_NAMES:
            text = read_text(table, name, languages)
            if text is not None:
                texts[name] = text
            continue
        table.error(
            "unknown-text",
            f'"{name}" is not a text of a solution{closest(name, TEXT_NAMES)}',
            f"the texts are: {listed(TEXT_NAMES)}",
            name,
        )
    return texts
