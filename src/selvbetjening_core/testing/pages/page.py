"""A finished page, read once, with the questions that several rules ask."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bs4 import BeautifulSoup, Tag

from selvbetjening_core.texts import LANGUAGES, Texts, texts_for

T = TypeVar("T")

CONTROLS = (
    "input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image]), "
    "select, textarea"
)
FOCUSABLE = (
    "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, "
    "[tabindex]:not([tabindex='-1'])"
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SUBMITS = "button:not([type]), button[type=submit], input[type=submit]"


class PageKind(enum.Enum):
    """What a page is for; it decides which rules apply."""

    PLACES = "places"
    """The choice between municipalities, in a demo."""
    HOME = "home"
    INTRO = "intro"
    STEP = "step"
    SUMMARY = "summary"
    PAYMENT = "payment"
    RECEIPT = "receipt"
    STATUS = "status"
    MESSAGE = "message"
    """Tells one thing: an error, logged off, sent already."""
    FRAGMENT = "fragment"
    """A piece of a page: a field, a table. What concerns a whole page is not asked."""


EVERYWHERE = frozenset(PageKind)
WHOLE_PAGES = EVERYWHERE - {PageKind.FRAGMENT}
MUNICIPAL = WHOLE_PAGES - {PageKind.PLACES}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the caller knows and a page does not show. Leave out what you do not know."""

    locale: str = ""
    """The language the page must be in; empty: whatever it says itself."""
    errors: bool = False
    """An answer was refused, so the page must say so."""
    logged_in: bool = False
    """The page is shown to somebody who is logged in."""
    answers: tuple[tuple[str, str], ...] = ()
    """Label and text of every answer that a summary must show."""
    optional: frozenset[str] | None = None
    """Names of the inputs that may be left empty; None: not known."""
    quoted: tuple[str, ...] = ()
    """Texts that are what they are in every language: names, addresses, what was typed."""
    design_system: bool = False
    """The page is dressed in the national design system."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that has been read."""

    soup: BeautifulSoup
    kind: PageKind
    expected: Expected
    order: Mapping[int, int]
    """The place of each element in the page, by ``id(element)``."""
    locale: str
    """The language it says it is in, else the expected one, else Danish."""
    known: dict[str, Any] = field(default_factory=dict)
    """What has been looked up: many rules ask the same."""

    @property
    def texts(self) -> Texts:
        """The core's texts in the page's language."""
        return texts_for(self.locale)

    def once(self, name: str, look_up: Callable[[], T]) -> T:
        """What ``look_up`` finds; it is asked only once for each name."""
        if name not in self.known:
            self.known[name] = look_up()
        found: T = self.known[name]
        return found

    def select(self, css: str) -> list[Tag]:
        """Every element that a CSS selector finds, in page order."""
        return self.once(css, lambda: list(self.soup.select(css)))

    @property
    def heading(self) -> Tag | None:
        """The first h1."""
        return self.soup.select_one("h1")

    @property
    def main(self) -> Tag | None:
        """The main content."""
        return self.soup.select_one("main")

    def is_before(self, one: Tag, other: Tag) -> bool:
        """Whether ``one`` begins before ``other`` does."""
        return self.order[id(one)] < self.order[id(other)]

    def by_id(self, wanted: str) -> Tag | None:
        """The element with this id."""
        ids = self.once("ids", lambda: {attribute(t, "id"): t for t in self.select("[id]")[::-1]})
        return ids.get(wanted)

    def value_of(self, label: str) -> Tag | None:
        """What stands beside a label, in a description list or a table."""
        for term in self.select("dt, th"):
            if text(term) == label:
                return term.find_next_sibling(["dd", "td"])
        return None


def read_page(html: str, kind: PageKind, expected: Expected) -> Page:
    """Read a page. Whatever a browser would accept can be read."""
    soup = BeautifulSoup(html, "html.parser")
    order = {id(tag): place for place, tag in enumerate(soup.select("*"))}
    told = attribute(soup.html, "lang") if soup.html else expected.locale
    return Page(soup, kind, expected, order, told if told in LANGUAGES else "da")


def attribute(tag: Tag, name: str) -> str:
    """The attribute's text; empty where there is none."""
    value = tag.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else " ".join(value)


def classes(tag: Tag) -> frozenset[str]:
    """The element's classes."""
    return frozenset(attribute(tag, "class").split())


def text(tag: Tag) -> str:
    """All of its text, white space made single."""
    return " ".join(tag.get_text(" ").split())


def seen_text(tag: Tag) -> str:
    """Its text without what only a screen reader says."""
    hidden = {id(string) for one in tag.select(".sr-only") for string in one.strings}
    return " ".join(" ".join(s for s in tag.strings if id(s) not in hidden).split())


def name_of(page: Page, tag: Tag) -> str:
    """The accessible name: labelled by, labelled with, or its text."""
    labelled = [page.by_id(one) for one in attribute(tag, "aria-labelledby").split()]
    named = " ".join(text(one) for one in labelled if one)
    return named or attribute(tag, "aria-label") or text(tag)


def is_within(tag: Tag, outer: Tag) -> bool:
    """Whether ``outer`` is among the elements around ``tag``, or is it."""
    return tag is outer or any(parent is outer for parent in tag.parents)


def quote(words: Iterable[str]) -> str:
    """Texts in quotation marks with commas between."""
    return ", ".join(f'"{one}"' for one in words)


def selector(tag: Tag) -> str:
    """A short CSS selector: the element's own id or name, else its nearest known ancestor's."""
    own = _own_selector(tag)
    if tag.get("id") or tag.parent is None or tag.name in {"html", "body", "main", "title"}:
        return own
    for parent in tag.parents:
        if parent.get("id") or parent.name in {"main", "header", "footer", "head"}:
            return f"{_own_selector(parent)} {own}"
    return own


def _own_selector(tag: Tag) -> str:
    if tag.get("id"):
        return f"{tag.name}#{attribute(tag, 'id')}"
    if tag.get("name"):
        return f'{tag.name}[name="{attribute(tag, "name")}"]'
    return ".".join((tag.name, *attribute(tag, "class").split()))
