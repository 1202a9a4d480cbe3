"""The class names that the national design system's style sheet and script look for.

Only for pages that are dressed in it: another theme may call things as it likes.
"""

from __future__ import annotations

import re

from selvbetjening_core.testing.pages.error_summary import summaries
from selvbetjening_core.testing.pages.page import (
    CONTROLS,
    EVERYWHERE,
    SUBMITS,
    WHOLE_PAGES,
    Page,
    PageKind,
    attribute,
    classes,
    name_of,
)
from selvbetjening_core.testing.pages.rules import Found, PageRule

_CONTROL_CLASSES = (
    (
        "input[type=text], input[type=number], input[type=email], input[type=tel], textarea",
        "form-input",
    ),
    ("select", "form-select"),
    ("input[type=radio]", "form-radio"),
    ("input[type=checkbox]", "form-checkbox"),
    (".form-group label", "form-label"),
    (".form-group legend", "form-label"),
)
_JOURNEY = frozenset({PageKind.STEP, PageKind.SUMMARY})


def field_classes(page: Page) -> Found:
    """Controls and labels have the classes they are drawn by."""
    for css, wanted in _CONTROL_CLASSES:
        for tag in page.select(css):
            if wanted not in classes(tag):
                yield tag, f"no class {wanted}"


def summary_classes(page: Page) -> Found:
    """The error summary is an alert that the script moves focus to."""
    for summary in summaries(page):
        if not {"alert", "alert-error"} <= classes(summary):
            yield summary, "no class alert alert-error"
        if attribute(summary, "data-module") != "error-summary":
            yield summary, "no data-module=error-summary"


def header_rows(page: Page) -> Found:
    """Portal row, solution row, in that order, and the skip link before both."""
    portal = page.soup.select_one("header .portal-info")
    solution = page.soup.select_one("header .solution-info")
    if portal is None or solution is None or not page.is_before(portal, solution):
        yield page.soup.select_one("header"), "no .portal-info followed by .solution-info"
    skip = page.soup.select_one("a.skipnav")
    if skip is None or attribute(skip, "href") != "#main-content":
        yield skip, "no a.skipnav to #main-content"


def button_classes(page: Page) -> Found:
    """The way on is a primary button, and there is one of them. What nobody sees has no look."""
    buttons = page.select("main .button-primary")
    if len(buttons) != 1:
        yield page.main, f"{len(buttons)} primary buttons"
    for button in page.select(f"main :is({SUBMITS}):not([aria-hidden=true])"):
        if not {"button", "function-link"} & classes(button):
            yield button, "neither class button nor function-link"


def back_link_class(page: Page) -> Found:
    """The way back is a back link."""
    back = page.texts.t("common.back")
    for link in page.select("main a[href]"):
        if name_of(page, link) == back and "back-link" not in classes(link):
            yield link, "no class back-link"


def list_wrapped(page: Page) -> Found:
    """A list of labels and answers can be scrolled on a narrow screen, also by keyboard.

    A table of controls is none: it is one question, and whether it fits is measured.
    """
    for table in page.select("main table"):
        if table.select_one(CONTROLS):
            continue
        around = table.find_parent(class_="table--responsive-scroll")
        if around is None or attribute(around, "tabindex") != "0":
            yield table, "no .table--responsive-scroll[tabindex=0] around it"


def icons_drawn(page: Page) -> Found:
    """Every icon that is referred to is in the page or in a file of our own."""
    for use in page.select("svg use"):
        href = attribute(use, "href") or attribute(use, "xlink:href")
        if not re.fullmatch(r"(/[^/#][^#]*)?#[\w-]+", href):
            yield use, "refers to no icon"
        elif href.startswith("#") and page.by_id(href[1:]) is None:
            yield use, "the icon is not in the page"


DESIGN_SYSTEM_RULES = (
    PageRule(
        "dkfds",
        "field-classes",
        "Felter har designsystemets klasser.",
        "dkfds, formularer",
        EVERYWHERE,
        field_classes,
        design_system=True,
    ),
    PageRule(
        "dkfds",
        "summary-classes",
        "Fejlopsummeringen er designsystemets.",
        "dkfds, fejlopsummering",
        EVERYWHERE,
        summary_classes,
        design_system=True,
    ),
    PageRule(
        "dkfds",
        "header-rows",
        "Sidehovedet har designsystemets to rækker.",
        "dkfds, sidehoved",
        WHOLE_PAGES,
        header_rows,
        design_system=True,
    ),
    PageRule(
        "dkfds",
        "button-classes",
        "Vejen videre er den ene primære knap.",
        "dkfds, knapper",
        _JOURNEY,
        button_classes,
        design_system=True,
    ),
    PageRule(
        "dkfds",
        "back-link-class",
        "Vejen tilbage er designsystemets tilbage-link.",
        "dkfds, tilbage-link",
        _JOURNEY,
        back_link_class,
        design_system=True,
    ),
    PageRule(
        "dkfds",
        "list-wrapped",
        "En struktureret liste kan rulles på en smal skærm.",
        "dkfds, struktureret liste",
        EVERYWHERE,
        list_wrapped,
        design_system=True,
    ),
    PageRule(
        "dkfds",
        "icons-drawn",
        "Hvert ikon, der henvises til, findes.",
        "dkfds, ikoner",
        EVERYWHERE,
        icons_drawn,
        design_system=True,
    ),
)
"""Rules for the design system's own names."""
