"""Nobody is logged off without a warning (SB-42)."""

from __future__ import annotations

from selvbetjening_core.testing.pages.page import WHOLE_PAGES, Page, attribute, text
from selvbetjening_core.testing.pages.rules import Found, PageRule

_LEAST_SECONDS = 20
_ADDRESSES = ("data-status-url", "data-prolong-url", "data-ended-url")


def warned(page: Page) -> Found:
    """Whoever is logged in reads when it ends, and is asked in time."""
    line = page.soup.select_one("[data-session-line]")
    dialog = page.soup.select_one("dialog[data-warn-seconds]")
    if page.expected.logged_in and (line is None or dialog is None):
        yield page.soup.select_one("header"), "nothing says when the login ends"
    if line is not None and not any(sign.isdigit() for sign in text(line)):
        yield line, "no time without script"
    if dialog is None:
        return
    warn = attribute(dialog, "data-warn-seconds")
    if not warn.isdigit() or int(warn) < _LEAST_SECONDS:
        yield dialog, f"less than {_LEAST_SECONDS} seconds to answer in"
    for name in _ADDRESSES:
        if not attribute(dialog, name):
            yield dialog, f"no {name}"
    if attribute(dialog, "role") != "alertdialog" or not attribute(dialog, "aria-labelledby"):
        yield dialog, "the warning is no alertdialog with a heading"


SESSION_RULES = (
    PageRule(
        "SB-42",
        "session-warning",
        "Man kan se, hvornår man bliver logget af, og bliver advaret mindst 20 sekunder før.",
        "Fælles krav #3; dkfds, timeout; WCAG 2.2.1",
        WHOLE_PAGES,
        warned,
    ),
)
"""Rules for the time a login lasts."""
