"""A table of a TOML file, read key by key; what is wrong is collected."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from selvbetjening_core.files.toml_file import KeyPath, TomlFile
from selvbetjening_core.problems import Place, Problems

T = TypeVar("T")

_WORDS: Mapping[type, str] = {
    str: 'a text in quotes ("…")',
    int: "a whole number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
    datetime.date: "a date (2024-01-31)",
}


def closest(word: str, words: Iterable[str]) -> str:
    """`` did you mean "x"?``, or nothing when no word is near."""
    near = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def listed(words: Iterable[str]) -> str:
    """Words as a reader wants them: ``a, b, c``, or ``(none)``."""
    return ", ".join(words) or "(none)"


class Table:
    """One table. Each getter marks its key as known; :meth:`finish` reports the rest.

    A getter never raises: what is missing or of the wrong type is reported and
    a harmless value returned, so that reading goes on and *all* problems show.
    """

    def __init__(
        self, file: TomlFile, data: Mapping[str, Any], path: KeyPath, problems: Problems
    ) -> None:
        self.file = file
        self.data = data
        self.path = path
        self.problems = problems
        self._known: set[str] = set()

    @classmethod
    def whole(cls, file: TomlFile, problems: Problems) -> Table:
        """The whole file as a table."""
        return cls(file, file.data, (), problems)

    def place(self, *keys: str | int) -> Place:
        """Where the table, or a key in it, stands."""
        return self.file.place((*self.path, *keys))

    def error(self, code: str, message: str, advice: str, *keys: str | int) -> None:
        """Report an error at the table, or at a key in it."""
        self.problems.error(code, self.place(*keys), message, advice)

    def has(self, key: str) -> bool:
        """Is the key there? Does not mark it as known."""
        return key in self.data

    def text(self, key: str, *, required: bool = True, default: str = "") -> str:
        """A text that is not empty."""
        value = self._typed(key, str, required=required)
        if value is None:
            return default
        if not value.strip():
            self.error("empty-text", f'"{key}" is empty', "write a text or take the key out", key)
        return value

    def number(
        self,
        key: str,
        *,
        required: bool = True,
        default: int = 0,
        minimum: int | None = None,
        maximum: int | None = None,
    ) -> int:
        """A whole number, within bounds where given."""
        value = self._typed(key, int, required=required)
        if value is None:
            return default
        too_low = minimum is not None and value < minimum
        too_high = maximum is not None and value > maximum
        if too_low or too_high:
            bounds = " and ".join(
                f"{word} {bound}"
                for word, bound in (("at least", minimum), ("at most", maximum))
                if bound is not None
            )
            self.error("out-of-range", f'"{key}" is {value}', f"write a number {bounds}", key)
        return value

    def yes_no(self, key: str, *, required: bool = True, default: bool = False) -> bool:
        """True or false."""
        value = self._typed(key, bool, required=required)
        return default if value is None else value

    def date(self, key: str, *, required: bool = True) -> datetime.date | None:
        """A date, unquoted as TOML writes it."""
        return self._typed(key, datetime.date, required=required)

    def choice(
        self,
        key: str,
        options: Sequence[str],
        *,
        code: str = "not-an-option",
        required: bool = True,
        default: str = "",
    ) -> str:
        """One of ``options``; the default when it is anything else."""
        value = self._typed(key, str, required=required)
        if value is None:
            return default
        if value in options:
            return value
        self.error(
            code,
            f'{key} = "{value}" is not known here{closest(value, options)}',
            f"write one of: {listed(options)}",
            key,
        )
        return default

    def text_list(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts, each once."""
        values = self._typed(key, list, required=required) or []
        texts: list[str] = []
        for position, value in enumerate(values):
            if not isinstance(value, str) or not value:
                self._wrong_type(key, "a text", position)
            elif value in texts:
                self.error("listed-twice", f'"{value}" stands twice', "take one out", key, position)
            else:
                texts.append(value)
        return tuple(texts)

    def table(self, key: str, *, required: bool = False) -> Table | None:
        """A table inside this one; None where it is missing."""
        value = self._typed(key, dict, required=required)
        return None if value is None else Table(self.file, value, (*self.path, key), self.problems)

    def tables(self, key: str) -> Iterator[Table]:
        """The elements of an array of tables (``[[key]]``)."""
        for position, value in enumerate(self._typed(key, list, required=False) or []):
            if isinstance(value, dict):
                path = (*self.path, key, position)
                yield Table(self.file, value, path, self.problems)
            else:
                self._wrong_type(key, "a table ([[…]])", position)

    def named_tables(self) -> Iterator[tuple[str, Table]]:
        """Every table in this one that no getter has asked for, by name."""
        for key in list(self.data):
            if key not in self._known:
                inner = self.table(key)
                if inner is not None:
                    yield key, inner

    def raw(self, key: str) -> object:
        """The value as it stands; None where it is missing."""
        self._known.add(key)
        value: object = self.data.get(key)
        return value

    def finish(self, hint: str = "") -> None:
        """Report every key nobody asked for."""
        for key in self.data:
            if key not in self._known:
                self.error(
                    "unknown-key",
                    f'unknown key "{key}"{closest(key, self._known)}',
                    hint or f"known here: {listed(sorted(self._known))}",
                    key,
                )

    def _typed(self, key: str, wanted: type[T], *, required: bool) -> T | None:
        self._known.add(key)
        if key not in self.data:
            if required:
                self.error(
                    "missing-key", f'"{key}" is missing', f"add {key} = {_WORDS[wanted]}", key
                )
            return None
        value = self.data[key]
        # A bool is an int, and a datetime a date, in Python; not in these files.
        if type(value) is not wanted:
            self._wrong_type(key, _WORDS[wanted])
            return None
        return value

    def _wrong_type(self, key: str, wanted: str, *rest: int) -> None:
        self.error("wrong-type", f'"{key}" has the wrong type', f"it must be {wanted}", key, *rest)
