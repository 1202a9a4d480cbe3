"""What browsers send for a step, and what nobody's browser sends."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from selvbetjening_core.testing.sample_steps import RIGHT

Pairs = tuple[tuple[str, str], ...]

HOSTILE = "\"'><script>alert(1)</script>&amp;{{ x }}"
_NAMES = ("email", "copies", "cause", "since.day", "agreed", "_shown", "__start__", "csrf_token")
_VALUES = (
    "",
    "\x00",
    HOSTILE,
    "x" * 200_000,
    "æ\ud800",
    "\u202e",
    "١٢٣",
    "-1",
    "1e999",
    "[]",
    "about:mapping",
)


def is_json(value: object) -> bool:
    """Whether the value is JSON data as answers are kept: no fractions among it."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and is_json(one) for name, one in value.items())
    if isinstance(value, list):
        return all(map(is_json, value))
    return value is None or isinstance(value, str | int | bool)


def as_sent(html: str) -> Pairs:
    """What a browser sends when the form is submitted as it stands."""
    soup = BeautifulSoup(html, "html.parser")
    return tuple(_pairs(tag) for tag in soup.select("input[name], textarea[name]") if _is_on(tag))


def _is_on(tag: Tag) -> bool:
    return tag.get("type") not in ("radio", "checkbox") or tag.has_attr("checked")


def _pairs(tag: Tag) -> tuple[str, str]:
    # A browser leaves the first line break of a text area out.
    value = tag.get_text().removeprefix("\n") if tag.name == "textarea" else tag.get("value", "")
    return str(tag["name"]), str(value)


def hostile_pairs() -> Iterator[Pairs]:
    """What no page of ours sends."""
    for value in _VALUES:
        yield tuple((name, value) for name in _NAMES)
        yield ((value, value), *RIGHT)
    yield tuple(("cause", "lost") for _ in range(500))
    yield (("__start__", "email:mapping"), ("x", "y"))
    yield (("__end__", "email:mapping"), ("__start__", "cause:sequence"), ("__end__", ""))
    yield tuple(("__start__", "email:sequence") for _ in range(400))
    yield tuple((name.upper(), value) for name, value in RIGHT)
    yield tuple((f"{name}.{name}", value) for name, value in RIGHT)
