"""What the pages of a journey must tell: introduction, position, summary, receipt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import Tag

from selvbetjening_core.testing.pages.page import (
    SUBMITS,
    Page,
    PageKind,
    attribute,
    classes,
    name_of,
    text,
)
from selvbetjening_core.testing.pages.rules import Found, PageRule

_INTRO = frozenset({PageKind.INTRO})
_STEP = frozenset({PageKind.STEP})
_SUMMARY = frozenset({PageKind.SUMMARY})
_RECEIPT = frozenset({PageKind.RECEIPT})
_NUMBER = "41"
_TIME = re.compile(r"\b\d{4}\b.*\b\d{1,2}[.:]\d{2}\b")
_RECEIPT_NUMBER = re.compile(r"(?=.*\d)[0-9A-Z][0-9A-Z-]{3,30}")


def alternative_way_in(page: Page) -> Found:
    """The introduction says what to do for those who cannot use it."""
    if not _told_under(page, "intro.alternative"):
        yield page.main, "no other way in is told"


def minutes(page: Page) -> Found:
    """The introduction says how long it takes, in minutes."""
    pattern = _pattern(page, "intro.minutes", "minutes")
    if page.main is None or re.search(pattern, text(page.main)) is None:
        yield page.main, "no number of minutes"


def steps_listed(page: Page) -> Found:
    """The introduction lists the steps; the last is the summary."""
    told = [tag for tag in _under(page, "intro.steps") if tag.name == "ol"]
    items = told[0].find_all("li", recursive=False) if told else []
    if len(items) < 2:
        yield page.main, "no list of the steps"
    elif text(items[-1]) != page.texts.t("summary.title"):
        yield items[-1], "the last step is not the summary"


def price_told(page: Page) -> Found:
    """The introduction says what it costs, or that it is free."""
    told = _told_under(page, "intro.price")
    free = page.texts.t("amount.free")
    if not re.search(r"\d", told) and free not in told:
        yield page.main, "neither a price nor that it is free"


def things_to_have_ready(page: Page) -> Found:
    """The introduction says what to have ready."""
    if not _told_under(page, "intro.prepare"):
        yield page.main, "nothing about what to have ready"


def position(page: Page) -> Found:
    """A step says which one of how many it is; the last one is the summary."""
    lists = page.select("ol.step-indicator")
    pattern = _pattern(page, "step.position", "position", "total")
    told = [found for found in (re.fullmatch(pattern, one) for one in _lines(page)) if found]
    if not lists and len(told) != 1:
        yield page.main, f"the position is told {len(told)} times"
    for found in told:
        if int(found["position"]) >= int(found["total"]):
            yield page.main, "no step is left for the summary"
    for one in lists:
        items = one.find_all("li", recursive=False)
        if len(one.select('[aria-current="step"]')) != 1:
            yield one, "not exactly one step is the current one"
        if not items or page.texts.t("summary.title") not in text(items[-1]):
            yield one, "the last step is not the summary"


def can_be_left(page: Page) -> Found:
    """A step has a button that saves and leaves, after the one that goes on.

    The first one is what Enter presses in a field.
    """
    wanted = page.texts.t("step.leave")
    buttons = [name_of(page, one) for one in page.select(f"main form :is({SUBMITS})")]
    if wanted not in buttons:
        yield page.main, f'no button "{wanted}"'
    elif buttons[0] == wanted:
        yield page.main, f'"{wanted}" stands before the button that goes on'


def all_answers_shown(page: Page) -> Found:
    """The summary shows each answer beside its label."""
    shown = {(text(term), told) for term, told in _rows(page)}
    for label, answer in page.expected.answers:
        said = answer or page.texts.t("summary.not_answered")
        if not any(one == label and told.startswith(said) for one, told in shown):
            yield page.main, f'the answer to "{label}" is not shown'


def each_can_be_changed(page: Page) -> Found:
    """In the summary, each answer stands with a link to change it, which says what it changes."""
    change = page.texts.t("common.change")
    links = [a for a in page.select("main a[href]") if name_of(page, a).startswith(change)]
    if not links:
        yield page.main, f'no link "{change}"'
    for link in links:
        if name_of(page, link) == change:
            yield link, "the link does not say what it changes"
    labels = {label for label, _ in page.expected.answers}
    for term, _ in _rows(page):
        if text(term) in labels and not any(_is_for(link, term) for link in links):
            yield term, "no link to change this answer"


def receipt_proves(page: Page) -> Found:
    """The receipt page has number, time and authority."""
    for key, pattern in (("receipt.number", _RECEIPT_NUMBER), ("receipt.received", _TIME)):
        value = page.value_of(page.texts.t(key))
        if value is None or not pattern.search(text(value)):
            yield page.main, f'no value for "{page.texts.t(key)}"'
    value = page.value_of(page.texts.t("receipt.authority"))
    name = page.soup.select_one("header .authority-name")
    if value is None or not text(value) or (name and text(name) != text(value)):
        yield page.main, "the authority is not named as the receiver"


def _pattern(page: Page, key: str, *names: str) -> str:
    """A regular expression for the text ``key`` with a number for each placeholder."""
    marks = {name: f"{_NUMBER}{place}" for place, name in enumerate(names)}
    pattern = re.escape(page.texts.t(key, **marks))
    for name, mark in marks.items():
        pattern = pattern.replace(mark, rf"(?P<{name}>\d+)")
    return pattern


def _under(page: Page, key: str) -> Iterator[Tag]:
    """What stands between the heading with this text and the next heading or form."""
    wanted = page.texts.t(key)
    for heading in page.select("main :is(h2, h3)"):
        if text(heading) == wanted:
            for sibling in heading.find_next_siblings():
                if sibling.name in {"h2", "h3", "form"}:
                    return
                yield sibling
            return


def _told_under(page: Page, key: str) -> str:
    return " ".join(text(tag) for tag in _under(page, key))


def _lines(page: Page) -> Iterator[str]:
    return (text(tag) for tag in page.select("main p"))


def _rows(page: Page) -> Iterator[tuple[Tag, str]]:
    for term in page.select("main dt, main th[scope=row]"):
        value = term.find_next_sibling(["dd", "td"])
        yield term, text(value) if value else ""


def _is_for(link: Tag, term: Tag) -> bool:
    """Whether the link is in the answer's own row, or in the group that the answer is in."""
    row = term.find_parent("tr")
    if row and link in row.select("a"):
        return True
    group = term.find_parent(["section", "article"]) or term.find_parent(_is_card)
    return bool(group and any(link is one for one in group.select("a")))


def _is_card(tag: Tag) -> bool:
    return bool({"card", "group"} & classes(tag)) or attribute(tag, "role") == "group"


JOURNEY_RULES = (
    PageRule(
        "SB-04",
        "alternative-way-in",
        "Introduktionen viser en anden vej ind for dem, der ikke kan bruge løsningen.",
        "sundhedsloven og andre love om obligatorisk selvbetjening, fx folkeskoleloven",
        _INTRO,
        alternative_way_in,
    ),
    PageRule(
        "SB-11",
        "minutes",
        "Introduktionen siger, hvor mange minutter det tager.",
        "krav 2.2",
        _INTRO,
        minutes,
    ),
    PageRule(
        "SB-11",
        "steps-listed",
        "Introduktionen viser trinene; det sidste er at tjekke sine svar.",
        "krav 2.2",
        _INTRO,
        steps_listed,
    ),
    PageRule(
        "SB-11",
        "price-told",
        "Introduktionen siger, hvad det koster, eller at det er gratis.",
        "krav 2.2",
        _INTRO,
        price_told,
    ),
    PageRule(
        "SB-11",
        "have-ready",
        "Introduktionen siger, hvad man skal have klar.",
        "krav 2.2",
        _INTRO,
        things_to_have_ready,
    ),
    PageRule(
        "SB-23",
        "position",
        "Trinnet siger, hvilket nummer det er; det sidste er at tjekke sine svar.",
        "dkfds, trinindikator",
        _STEP,
        position,
    ),
    PageRule(
        "SB-42",
        "can-be-left",
        "Man kan gemme trinnet og fortsætte senere.",
        "Fælles krav #3; WCAG 3.3.4",
        _STEP,
        can_be_left,
    ),
    PageRule(
        "SB-09",
        "all-answers-shown",
        "Opsummeringen viser alle svar.",
        "krav 2.4",
        _SUMMARY,
        all_answers_shown,
    ),
    PageRule(
        "SB-09",
        "each-can-be-changed",
        "Hvert svar i opsummeringen kan rettes med et link, der siger hvad.",
        "krav 2.4; WCAG 2.4.4",
        _SUMMARY,
        each_can_be_changed,
    ),
    PageRule(
        "SB-05",
        "receipt-proves",
        "Kvitteringen viser nummer, tidspunkt og myndighed.",
        "e2012-4; krav 2.6",
        _RECEIPT,
        receipt_proves,
    ),
)
"""Rules for the pages of a journey."""
