"""A table of a TOML file, read key by key; what is wrong is collected."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from selvbetjening_core.files.shapes import is_email, is_web_url
from selvbetjening_core.files.toml_file import KeyPath, TomlFile, dotted
from selvbetjening_core.problems import Place, Problems

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_EXAMPLES: Mapping[type, str] = {
    str: '"…"',
    int: "a whole number",
    bool: "true or false",
    list: '["…"]',
    datetime.date: "a date, such as 2024-01-31",
}
_WORDS: Mapping[type, str] = {
    str: 'a text in quotes ("…")',
    int: "a whole number",
    bool: "true or false",
    dict: "a table",
    list: "a list",
    datetime.date: "a date without quotes (2024-01-31)",
}


_FOUND: Mapping[type, str] = {
    str: "a text",
    int: "a number",
    float: "a number with decimals",
    bool: "true or false",
    dict: "a table",
    list: "a list",
    datetime.date: "a date",
    datetime.datetime: "a date with a time",
    datetime.time: "a time",
}


def closest(word: str, words: Iterable[str]) -> str:
    """`` did you mean "x"?``, or nothing when no word is near."""
    near = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def listed(words: Iterable[str]) -> str:
    """Words as a reader wants them: ``a, b, c``, or ``(none)``."""
    return ", ".join(words) or "(none)"


class Table:
    """One table. Each getter marks its key as known.

    A getter never raises: what is missing or of the wrong type is reported and
    a harmless value returned, so that reading goes on and *all* problems show.
    :meth:`finish` reports what is missing and what is unknown; where reading
    stops early, :meth:`give_up` reports what was found missing so far.
    """

    def __init__(
        self, file: TomlFile, data: Mapping[str, Any], path: KeyPath, problems: Problems
    ) -> None:
        self.file = file
        self.data = data
        self.path = path
        self.problems = problems
        self._known: set[str] = set()
        self._missing: dict[str, str] = {}

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
        """Is the key there? Whoever asks knows the key, so it is no unknown one."""
        self._known.add(key)
        return key in self.data

    def is_misspelt(self, key: str) -> bool:
        """Is there instead a key nobody has asked for that is nearly the same?"""
        return bool(self.misspelt(key))

    def misspelt(self, key: str) -> str:
        """The key nobody has asked for that is there instead; empty where there is none."""
        near = [] if key in self.data else self._near(key)
        return near[0] if near else ""

    def text(self, key: str, *, required: bool = True, default: str = "") -> str:
        """A text that is not empty."""
        value = self._typed(key, str, required=required)
        if value is None:
            return default
        if not value.strip():
            self.error("empty-text", f'"{key}" is empty', "write a text or take the key out", key)
        elif _CONTROL.search(value):
            self.error(
                "bad-character",
                f'"{key}" holds a character that cannot be shown',
                "write the text anew, without control characters",
                key,
            )
            return default
        return value

    def email(self, key: str) -> str:
        """An e-mail address."""
        text = self.text(key)
        if text and not is_email(text):
            self.error("bad-email", f'"{text}" is not an e-mail address', "write name@domain", key)
        return text

    def web_url(self, key: str, *, required: bool = True) -> str:
        """The address of a web page."""
        text = self.text(key, required=required)
        if text and not is_web_url(text):
            self.error("bad-url", f'"{text}" is not a web address', "write https://…", key)
        return text

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
        otherwise: str = "",
    ) -> str:
        """One of ``options``; the default when it is anything else.

        :param otherwise: what else to do, where none of them is meant
        """
        advice = f"{self._to_add(key, str)}; write one of: {listed(options)}"
        value = self._typed(key, str, required=required, advice=advice)
        if value is None:
            return default
        if value in options:
            return value
        self.error(
            code,
            f'{key} = "{value}" is not known here{closest(value, options)}',
            f"write one of: {listed(options)}{f'; {otherwise}' if otherwise else ''}",
            key,
        )
        return default

    def text_list(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts, each once; a required one is not empty."""
        values = self._typed(key, list, required=required) or []
        if required and not values and isinstance(self.data.get(key), list):
            self.error("empty-list", f'"{key}" is empty', f'write {key} = ["…"]', key)
        texts: list[str] = []
        for position, value in enumerate(values):
            if not isinstance(value, str) or not value or _CONTROL.search(value):
                self._wrong_type(key, "a text", position)
            elif value in texts:
                self.error("listed-twice", f'"{value}" stands twice', "take one out", key, position)
            else:
                texts.append(value)
        return tuple(texts)

    def position(self, key: str, text: str) -> int:
        """Where in the list ``key`` the text stands, whatever stands before it."""
        position: int = self.data[key].index(text)
        return position

    def table(self, key: str, *, required: bool = False, advice: str = "") -> Table | None:
        """A table inside this one; None where it is missing.

        :param advice: what to do where it is, if not simply to add it
        """
        value = self._typed(key, dict, required=required, advice=advice)
        return None if value is None else Table(self.file, value, (*self.path, key), self.problems)

    def tables(self, key: str) -> Iterator[Table]:
        """The elements of an array of tables (``[[key]]``)."""
        for position, value in enumerate(self._typed(key, list, required=False) or []):
            if isinstance(value, dict):
                path = (*self.path, key, position)
                yield Table(self.file, value, path, self.problems)
            else:
                self._wrong_type(key, "a table ([[…]])", position)

    def named_tables(self, unless: Container[str] = ()) -> Iterator[tuple[str, Table]]:
        """Every table in this one that no getter has asked for, by name.

        What is no table, or named in ``unless``, is left for :meth:`finish`.
        """
        for key, value in self.data.items():
            if key not in self._known and key not in unless and isinstance(value, dict):
                self._known.add(key)
                yield key, Table(self.file, value, (*self.path, key), self.problems)

    def raw(self, key: str) -> object:
        """The value as it stands; None where it is missing."""
        self._known.add(key)
        value: object = self.data.get(key)
        return value

    def finish(self, hint: str = "") -> None:
        """Report every key that is missing, and every key nobody asked for."""
        asked = sorted(self._known)
        self.give_up()
        for key in self.data:
            if key not in self._known:
                self.error(
                    "unknown-key",
                    f'unknown key "{key}"{closest(key, asked)}',
                    hint or f"known here: {listed(asked)}",
                    key,
                )

    def give_up(self) -> None:
        """Report what is missing, and nothing else. A misspelt key is no missing one."""
        for key, advice in self._missing.items():
            near = self._near(key)
            if near:
                self._known.add(near[0])
                self.error(
                    "unknown-key",
                    f'unknown key "{near[0]}"; did you mean "{key}"?',
                    f'write {key}, which is missing, instead of "{near[0]}"',
                    near[0],
                )
            else:
                self.error("missing-key", f'"{key}" is missing', advice, key)
        self._missing.clear()

    def _near(self, key: str) -> list[str]:
        unread = [one for one in self.data if one not in self._known]
        return difflib.get_close_matches(key, unread, n=1, cutoff=0.7)

    def _typed(self, key: str, wanted: type[T], *, required: bool, advice: str = "") -> T | None:
        self._known.add(key)
        if key not in self.data:
            if required:
                # Told by give_up(), which by then knows the keys nobody asked for.
                self._missing[key] = advice or self._to_add(key, wanted)
            return None
        value = self.data[key]
        # A bool is an int, and a datetime a date, in Python; not in these files.
        if type(value) is not wanted:
            self._wrong_type(key, self._to_write(key, value, wanted))
            return None
        return value

    def _to_write(self, key: str, value: object, wanted: type) -> str:
        """What to write in place of a value of another type, which is not shown."""
        if wanted is list:
            even = ", in brackets even if there is one" if isinstance(value, str) else ""
            return f'a list{even}: {key} = ["…"]'
        if wanted is str and isinstance(value, int | float | datetime.date):
            return f'a text, in quotes: {key} = "…"'
        if wanted is dict:
            return f"a table: take the line out, and add [{dotted((*self.path, key))}]"
        if isinstance(value, str):
            return f"{_WORDS[wanted]}, without quotes" if wanted in (int, bool) else _WORDS[wanted]
        return _WORDS[wanted]

    def _to_add(self, key: str, wanted: type) -> str:
        if wanted is dict:
            return f"add the table [{dotted((*self.path, key))}]"
        return f"add {key} = {_EXAMPLES[wanted]}{self.above_headings()}"

    def above_headings(self) -> str:
        """What to say of where a key belongs that is in no table, if there are tables."""
        below = not self.path and any(isinstance(one, dict) for one in self.data.values())
        return " above the first [heading]" if below else ""

    def _wrong_type(self, key: str, wanted: str, *rest: int) -> None:
        value = self.data[key]
        for position in rest:
            value = value[position]
        self.error(
            "wrong-type",
            f'"{key}" is {_FOUND.get(type(value), "something else")}, which it cannot be',
            f"write {wanted}",
            key,
            *rest,
        )
