"""No stock, internal or foreign word reaches a citizen (SB-18)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import Comment, Doctype, Tag
from bs4.element import NavigableString

from selvbetjening_core.testing.pages.page import EVERYWHERE, Page, attribute
from selvbetjening_core.testing.pages.rules import Found, PageRule
from selvbetjening_core.testing.pages.words import (
    DANISH_WORDS,
    ENGLISH_WORDS,
    INTERNAL_WORDS,
    LEFTOVERS,
    NOTHING_WORDS,
    STOCK_SENTENCES,
)

_READ_ALOUD = ("aria-label", "aria-roledescription", "alt", "title", "placeholder", "summary")
_UNSEEN = frozenset({"script", "style", "template"})
_FOREIGN = {"da": ENGLISH_WORDS, "en": DANISH_WORDS}
_LANGUAGE_NAMES = {"da": "English", "en": "Danish"}
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd\ufffd]")


def texts_of(page: Page) -> list[tuple[Tag, str]]:
    """Every text of the page that a citizen reads or hears, in the page's language."""
    return page.once("texts", lambda: [(tag, told) for tag, told in _texts(page) if told])


def _texts(page: Page) -> Iterator[tuple[Tag, str]]:
    for tag in page.select("*"):
        if tag.name in _UNSEEN or not _is_in(tag, page.locale):
            continue
        for child in tag.children:
            if isinstance(child, NavigableString) and not isinstance(child, Comment | Doctype):
                yield tag, _without(page, " ".join(child.split()))
        for name in _READ_ALOUD:
            yield tag, _without(page, attribute(tag, name))
        if tag.name == "input" and attribute(tag, "type") in {"submit", "button"}:
            yield tag, _without(page, attribute(tag, "value"))


def foreign_words(page: Page) -> Found:
    """Every word is of the page's language, or marked with its own."""
    pattern, language = _FOREIGN[page.locale], _LANGUAGE_NAMES[page.locale]
    for tag, told in texts_of(page):
        for word in dict.fromkeys(found.group().lower() for found in pattern.finditer(told)):
            yield tag, f'the word "{word}" is {language}'


def internal_words(page: Page) -> Found:
    """No word from inside the program."""
    for tag, told in texts_of(page):
        found = INTERNAL_WORDS.search(told)
        if found:
            yield tag, f'the internal word "{found.group().lower()}"'


def stock_sentences(page: Page) -> Found:
    """No message of a form library or a web server."""
    for tag, told in texts_of(page):
        found = STOCK_SENTENCES.search(told)
        if found:
            yield tag, f'the stock message "{found.group()}"'


def leftovers(page: Page) -> Found:
    """Nothing that a template or a program left behind."""
    for tag, told in texts_of(page):
        found = LEFTOVERS.search(told)
        if found:
            yield tag, f'left behind: "{found.group()}"'
        elif told in NOTHING_WORDS:
            yield tag, f'no text but "{told}"'
        elif _PRIVATE_USE.search(told):
            yield tag, "a character that no font has"


def _is_in(tag: Tag, locale: str) -> bool:
    for one in (tag, *tag.parents):
        code = attribute(one, "lang")
        if code:
            return code.partition("-")[0] == locale
    return True


def _without(page: Page, told: str) -> str:
    """The text without what it quotes. A letter that is quoted is no part of a word."""
    for quoted in page.expected.quoted:
        words = " ".join(quoted.split())
        if words in told:
            told = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", "", told)
    return told.strip()


LANGUAGE_RULES = (
    PageRule(
        "SB-18",
        "foreign-words",
        "Der er kun ord fra sidens eget sprog, eller også er de mærket.",
        "krav 1.5; WCAG 3.1.2",
        EVERYWHERE,
        foreign_words,
    ),
    PageRule(
        "SB-18",
        "internal-words",
        "Der er ingen ord fra programmets indre.",
        "krav 1.5",
        EVERYWHERE,
        internal_words,
    ),
    PageRule(
        "SB-18",
        "stock-sentences",
        "Der er ingen standardbeskeder fra programmer.",
        "krav 1.4, 1.5",
        EVERYWHERE,
        stock_sentences,
    ),
    PageRule(
        "SB-18",
        "leftovers",
        "Der er intet efterladt fra en skabelon.",
        "krav 1.5",
        EVERYWHERE,
        leftovers,
    ),
)
"""Rules for words."""
