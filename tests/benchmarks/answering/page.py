"""What a page asks, read from its HTML: the same for every stack, whatever its markup."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.form import Names, parsed

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_CLOCK = re.compile(r"kl\. [0-9]{2}\.[0-9]{2}")


@dataclass(frozen=True)
class Marks:
    """Where a stack puts things, as CSS selectors; ``group`` is around one field."""

    group: str
    hint: str
    error: str
    label: str = "legend, label"
    prefix: str = ""


@dataclass(frozen=True)
class Shown:
    """One field as a page shows it.

    :param options: value, label, and whether it is chosen, of each radio button or check box
    """

    label: str
    hint: str
    value: str
    error: str
    options: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True)
class Content:
    """What a citizen reads on a page with a form."""

    title: str
    fields: dict[str, Shown]
    frame: tuple[str, ...]


def content(html: bytes, marks: Marks, names: Names) -> Content:
    """The fields that the page has, and the texts around the form."""
    soup = parsed(html)
    main = soup.find("main") or soup
    fields = names(main.select("input[name], textarea[name]"))
    found: dict[str, Shown] = {}
    for group in main.select(marks.group):
        inputs = [
            one
            for one in group.select("input, textarea")
            if one.get("type") not in ("hidden", "submit")
        ]
        if inputs and not group.select(marks.group):
            found[fields[str(inputs[0]["name"])]] = _shown(group, inputs, marks)
    title = main.find("h1")
    return Content(_words(title), found, _frame(soup))


def _shown(group: Tag, inputs: list[Tag], marks: Marks) -> Shown:
    chosen = inputs[0].get("type") in ("radio", "checkbox")
    label = group.select_one(marks.label)
    for inner in label.select(f"{marks.hint}, {marks.error}") if label else ():
        inner.extract()
    return Shown(
        label=_words(label),
        hint=_words(group.select_one(marks.hint)),
        value="" if chosen else _value(inputs[0]),
        error=_words(group.select_one(marks.error)).removeprefix(marks.prefix).strip(),
        options=tuple(_option(group, one) for one in inputs) if chosen else (),
    )


def _value(one: Tag) -> str:
    if one.name == "textarea":
        # The first line break of a text area is not part of its value.
        text = one.get_text().removeprefix("\r").removeprefix("\n")
        return "\n".join(text.splitlines())
    return str(one.get("value", ""))


def _option(group: Tag, one: Tag) -> tuple[str, str, bool]:
    label = group.select_one(f'label[for="{one.get("id")}"]') or one.find_parent("label")
    return str(one.get("value", "")), _words(label), one.has_attr("checked")


def _frame(soup: BeautifulSoup) -> tuple[str, ...]:
    parts = soup.select("header, footer, dialog")
    # When the login ends moves on while it is measured.
    return tuple(_CLOCK.sub("kl.", word) for part in parts for word in part.stripped_strings)


def _words(tag: Tag | None) -> str:
    return " ".join(tag.get_text().split()) if tag is not None else ""
