"""What a browser is asked of one page: axe, what fits, what the keyboard reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kind_pages import KindPage
from kind_samples import name_of

from selvbetjening_core.forms.composed import ADD
from selvbetjening_core.testing.cases import PDF
from selvbetjening_core.testing.kinds import NAME
from selvbetjening_core.texts import texts_for
from walking.axe import axe_findings
from walking.fit import overflow_findings, target_findings
from walking.focus import all_stops, order_findings, unseen_focus
from walking.keys import Keyboard

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

_ORDINARY, _DOUBLE = {"standard": 16, "fixed": 13}, {"standard": 32, "fixed": 26}
_HEADING = "parseFloat(getComputedStyle(document.querySelector('main h1')).fontSize)"
_IN_FORM = "() => document.activeElement?.closest('main form') !== null"
_ON_INPUT = """([name, value]) => {
    const one = document.activeElement;
    return one.name === name && (one.type !== "checkbox" || one.value === value);
}"""
_KIND_OF_INPUT = """(name) => document.querySelector(`main form [name='${name}']`).type"""
_IN_PAGE_ORDER = """(names) => [...document.querySelectorAll("main form [name]")]
    .map((one) => one.name).filter((name) => names.includes(name))"""


def seen_findings(page: Page, axe: str) -> list[str]:
    """axe-core on the page as it is shown, and what does not fit."""
    return [*axe_findings(page, axe), *overflow_findings(page), *target_findings(page)]


def double_text_findings(page: Page) -> list[str]:
    """What no longer fits when the browser's letters are twice their size (WCAG 1.4.4)."""
    session = page.context.new_cdp_session(page)
    before = page.evaluate(_HEADING)
    session.send("Page.setFontSizes", {"fontSizes": _DOUBLE})
    try:
        grown = page.evaluate(_HEADING) >= 1.5 * before
        found = [] if grown else ["the text does not follow the browser's"]
        return [*found, *overflow_findings(page)]
    finally:
        session.send("Page.setFontSizes", {"fontSizes": _ORDINARY})
        session.detach()


def focus_findings(page: Page) -> tuple[int, list[str]]:
    """How many stops the Tab key makes in the form, and which are not seen or jump."""
    stops, found = [], []
    for stop in all_stops(page):
        if not page.evaluate(_IN_FORM):
            continue
        stops.append(stop)
        unseen = unseen_focus(page, stop)
        if unseen:
            found.append(unseen)
    return len(stops), [*found, *order_findings(stops)]


def keyboard_findings(page: Page, shown: KindPage) -> Iterator[str]:
    """Answer the first question by keyboard alone, and send it; what could not be done.

    The page is left at what the server answers.
    """
    typed = {
        name.replace(NAME, name_of(1), 1): text for name, text in shown.sample.by_keyboard.typed
    }
    keys = Keyboard(page)
    try:
        while typed:
            _fill_in_what_is_there(page, keys, typed)
            if typed:
                keys.press_value(f"{name_of(1)}:{ADD}")
        keys.press(texts_for(shown.locale).t("step.next"))
    except AssertionError as error:
        yield f"by keyboard: {error}"


def _fill_in_what_is_there(page: Page, keys: Keyboard, typed: dict[str, str]) -> None:
    """Answer by the inputs of the page, and take what was typed out of ``typed``.

    :raises AssertionError: the page has none of these inputs
    """
    names = list(dict.fromkeys(page.evaluate(_IN_PAGE_ORDER, list(typed))))
    assert names, f"the page has no inputs for {', '.join(typed)}"
    for name in names:
        _fill_in(page, keys, name, typed.pop(name))


def _fill_in(page: Page, keys: Keyboard, name: str, text: str) -> None:
    kind = page.evaluate(_KIND_OF_INPUT, name)
    if kind == "hidden":
        return
    if kind == "radio":
        keys.choose(name, text)
        return
    if kind == "file":
        _choose_file(page, keys, name, text)
        return
    keys.tab_to(_ON_INPUT, [name, text])
    if kind == "checkbox":
        page.keyboard.press("Space")
    else:
        page.keyboard.type(text)


def _choose_file(page: Page, keys: Keyboard, name: str, file_name: str) -> None:
    """Open the window in which a file is chosen; what is done there is not the page's."""
    # The browser is told to wait for it some time before it comes: else it may be missed.
    with page.expect_file_chooser() as opened:
        keys.tab_to(_ON_INPUT, [name, file_name])
        page.keyboard.press("Enter")
    file: FilePayload = {"name": file_name, "mimeType": "application/pdf", "buffer": PDF}
    opened.value.set_files(file)
