"""What the citizen reads that is not in a definition: Danish first, English second.

Each language is one file of flat dotted keys (``step.next``). A theme's
templates and the views take a text by its key; an unknown key is an error, so
that no page ever shows a key or a stock message.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES: Mapping[str, str] = {"da": "Dansk", "en": "English"}
"""The languages, by code, each in its own name. The first is the default."""

_FOLDER = Path(__file__).parent
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Notice:
    """A heading and paragraphs: what has happened, and what to do."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language."""

    locale: str
    by_key: Mapping[str, str]

    def t(self, key: str, **values: object) -> str:
        """The text ``key`` with ``{placeholders}`` filled in. Plain text, not HTML.

        :raises KeyError: no such text, or a placeholder without a value
        """
        return fill(self.by_key[key], values)

    def notice(self, name: str, **values: object) -> Notice:
        """The texts ``notice.NAME.heading``, ``.what`` and ``.next``.

        ``next`` may be missing. :raises KeyError: no such notice
        """
        keys = (f"notice.{name}.what", f"notice.{name}.next")
        return Notice(
            self.t(f"notice.{name}.heading", **values),
            tuple(self.t(key, **values) for key in keys if key in self.by_key),
        )


@functools.cache
def texts_for(locale: str) -> Texts:
    """The texts in ``locale``.

    :raises KeyError: it is not one of :data:`LANGUAGES`
    """
    if locale not in LANGUAGES:
        raise KeyError(locale)
    with (_FOLDER / f"{locale}.toml").open("rb") as file:
        return Texts(locale, dict(_flat(tomllib.load(file), "")))


def fill(text: str, values: Mapping[str, object]) -> str:
    """``text`` with each ``{name}`` replaced by its value.

    Nothing but names is understood, so a text can never reach into a value.
    :raises KeyError: a name has no value
    """
    return _PLACEHOLDER.sub(lambda match: str(values[match.group(1)]), text)


def placeholders(text: str) -> frozenset[str]:
    """The names in curly brackets in ``text``."""
    return frozenset(_PLACEHOLDER.findall(text))


def _flat(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
