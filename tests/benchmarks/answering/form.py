"""A form on a page, filled in and sent as a browser does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

Names: TypeAlias = "Callable[[Sequence[Tag]], Mapping[str, str]]"


def parsed(html: bytes) -> BeautifulSoup:
    """The page's elements."""
    # The reader is ours: no application starts later, or is larger, because of it.
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return BeautifulSoup(html, "html.parser")


def own_names(inputs: Sequence[Tag]) -> Mapping[str, str]:
    """Each input is called as the field is."""
    return {str(one["name"]): str(one["name"]) for one in inputs}


@dataclass(frozen=True)
class PageForm:
    """The inputs of the page's form, in their order."""

    inputs: Sequence[Tag]
    fields: Mapping[str, str]

    @classmethod
    def of(cls, html: bytes, names: Names) -> PageForm:
        """The form in the page's ``main``."""
        soup = parsed(html)
        inputs = soup.select("main form input[name], main form textarea[name]")
        return cls(inputs, names(inputs))

    def hidden(self, name: str) -> str:
        """The value of a hidden input."""
        return next(str(one["value"]) for one in self.inputs if one["name"] == name)

    def filled(self, answers: Mapping[str, str], **other: str) -> list[tuple[str, str]]:
        """What is sent: a radio button or check box only where it is chosen.

        :param other: hidden inputs, with another value
        """
        sent = []
        for one in self.inputs:
            name, kind = str(one["name"]), one.get("type")
            value = str(one.get("value", ""))
            if kind == "hidden":
                sent.append((name, other.get(name, value)))
                continue
            answer = answers[self.fields[name]]
            if kind not in ("radio", "checkbox") or answer == value:
                sent.append((name, answer))
        return sent
