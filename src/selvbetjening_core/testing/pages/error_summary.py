"""The list of errors above the heading (SB-15)."""

from __future__ import annotations

from bs4 import Tag

from selvbetjening_core.testing.pages.fields import (
    FieldMarkup,
    error_messages,
    fields,
    message_text,
)
from selvbetjening_core.testing.pages.page import (
    EVERYWHERE,
    WHOLE_PAGES,
    Page,
    attribute,
    is_within,
    quote,
    text,
)
from selvbetjening_core.testing.pages.rules import Found, PageRule

_LISTS = ".error-summary, [data-module=error-summary], [role=alert]"
_LINKS = "a[href^='#']"


def summaries(page: Page) -> list[Tag]:
    """What lists the errors of the page: one element, if all is well."""
    found = [tag for tag in page.select(_LISTS) if tag.select_one(_LINKS)]
    return [
        tag for tag in found if not any(is_within(tag, one) and tag is not one for one in found)
    ]


def present(page: Page) -> Found:
    """One list of errors where something is wrong, also for a single error."""
    wrong = page.expected.errors or bool(error_messages(page))
    count = len(summaries(page))
    if wrong and count != 1:
        yield page.main, f"something is wrong, and there are {count} error summaries"
    if count and not wrong:
        yield summaries(page)[0], "an error summary, and nothing is wrong"


def announced(page: Page) -> Found:
    """A screen reader reads the list aloud, under its heading."""
    for summary in summaries(page):
        if attribute(summary, "role") != "alert":
            yield summary, "no role=alert"
        if summary.select_one("h2, h3, strong") is None:
            yield summary, "no heading"


def focused(page: Page) -> Found:
    """The page opens at the list: what is there from the beginning is no news to a screen reader.

    The design system's script does it; the attribute does it without script.
    """
    for summary in summaries(page):
        if not summary.has_attr("autofocus") or attribute(summary, "tabindex") != "-1":
            yield summary, "the page does not open at the error summary"


def place(page: Page) -> Found:
    """Below the way back, above the heading."""
    back = page.texts.t("common.back")
    for summary in summaries(page):
        if page.heading and not page.is_before(summary, page.heading):
            yield summary, "the error summary stands below the heading"
        for link in page.select("main a[href]"):
            if text(link).endswith(back) and page.is_before(summary, link):
                yield summary, "the error summary stands above the way back"


def same_words(page: Page) -> Found:
    """One link for each message, in page order, in the same words."""
    for summary in summaries(page):
        told = [text(link) for link in summary.select(_LINKS)]
        wanted = [message_text(page, one) for one in error_messages(page)]
        if told != wanted:
            differ = [one for one in (*told, *wanted) if (one in told) != (one in wanted)]
            yield summary, f"links and messages differ: {quote(differ) or 'order'}"


def targets(page: Page) -> Found:
    """A link leads to the control, the first wrong part of a date, or the first option."""
    for summary in summaries(page):
        wrong = [field for field in fields(page) if field.error is not None]
        for link in summary.select(_LINKS):
            target = page.by_id(attribute(link, "href")[1:])
            field = _take(page, wrong, text(link))
            if target is None:
                yield link, "the link leads nowhere"
            elif field and field.controls and target is not _first_wrong(field):
                yield link, "the link does not lead to the first control that is wrong"


def _take(page: Page, wrong: list[FieldMarkup], told: str) -> FieldMarkup | None:
    """The first field with this message; each is taken once."""
    for place, field in enumerate(wrong):
        if field.error and message_text(page, field.error) == told:
            return wrong.pop(place)
    return None


def _first_wrong(field: FieldMarkup) -> Tag:
    if field.is_foreign:
        return field.group
    return (*field.invalid, *field.controls)[0]


_SOURCE = "dkfds, fejlopsummering"

ERROR_SUMMARY_RULES = (
    PageRule(
        "SB-15",
        "summary-present",
        "Siden har en fejlopsummering, når noget er forkert, også ved én fejl.",
        _SOURCE,
        EVERYWHERE,
        present,
    ),
    PageRule(
        "SB-15",
        "summary-announced",
        "Fejlopsummeringen har en overskrift og bliver læst højt.",
        f"{_SOURCE}; WCAG 4.1.3",
        EVERYWHERE,
        announced,
    ),
    PageRule(
        "SB-15",
        "summary-focused",
        "Siden åbner ved fejlopsummeringen, også uden script.",
        f"{_SOURCE}; WCAG 4.1.3",
        WHOLE_PAGES,
        focused,
    ),
    PageRule(
        "SB-15",
        "summary-place",
        "Fejlopsummeringen står under tilbage-linket og over hovedoverskriften.",
        _SOURCE,
        WHOLE_PAGES,
        place,
    ),
    PageRule(
        "SB-15",
        "summary-words",
        "Der er ét link for hver fejl, i sidens rækkefølge og med fejlens egne ord.",
        _SOURCE,
        EVERYWHERE,
        same_words,
    ),
    PageRule(
        "SB-15",
        "summary-targets",
        "Linket fører til det felt, der skal rettes.",
        _SOURCE,
        EVERYWHERE,
        targets,
    ),
)
"""Rules for the error summary."""
