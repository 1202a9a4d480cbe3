"""A rule, and what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bs4 import Tag

from selvbetjening_core.testing.pages.page import Page, PageKind, selector

Found = Iterator[tuple[Tag | None, str]]
"""What a check finds: the element, or None for the whole page; and what is wrong, in English."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing on one page that breaks a rule. Holds nothing a citizen typed."""

    rule: str
    """Number and name: ``SB-16 error-place``."""
    selector: str
    """Where: a CSS selector that a person can follow."""
    message: str
    """What is wrong, in English."""
    rule_text: str
    """The rule itself, in Danish."""

    def __str__(self) -> str:
        """All of it on one line."""
        return f"{self.rule} at {self.selector}: {self.message} [{self.rule_text}]"


@dataclass(frozen=True, slots=True)
class PageRule:
    """One rule for finished pages."""

    number: str
    """The number of the national check it is part of (SB-15), or ``page``."""
    name: str
    """Its own short name; no two rules share one."""
    text: str
    """The rule in Danish, as a municipality would put it to its vendor."""
    source: str
    """Where the rule comes from."""
    kinds: frozenset[PageKind]
    """The kinds of page it applies to."""
    check: Callable[[Page], Found]
    """Finds what breaks it."""
    design_system: bool = False
    """Only for pages dressed in the national design system."""

    @property
    def id(self) -> str:
        """Number and name."""
        return f"{self.number} {self.name}"

    def breaches(self, page: Page) -> Iterator[Breach]:
        """What on the page breaks this rule."""
        for element, message in self.check(page):
            where = "the page" if element is None else selector(element)
            yield Breach(self.id, where, message, self.text)
