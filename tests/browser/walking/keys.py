"""A walk without a mouse: Tab, arrows, Space and Enter, as a citizen uses them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from walking.focus import Stop, all_stops, order_findings, stop_here, unseen_focus

if TYPE_CHECKING:
    from playwright.sync_api import Page

_ON_BUTTON = """(text) => document.activeElement.matches("button, a, input[type=submit]")
    && document.activeElement.textContent.trim().startsWith(text)"""
_ON_CONTROL = "(name) => document.activeElement.name === name"
_ON_VALUE = "(value) => document.activeElement.value === value"


@dataclass
class Keyboard:
    """Hands on the keys of one window."""

    page: Page
    found: list[str] = field(default_factory=list)

    def look_through(self, state: str) -> list[Stop]:
        """Tab through the whole page, and back to its beginning.

        Every stop must be seen, and none may jump back.
        """
        self._to_the_top()
        stops = []
        for stop in all_stops(self.page):
            stops.append(stop)
            unseen = unseen_focus(self.page, stop)
            if unseen:
                self.found.append(f"{state}: {unseen}")
        # The first is the skip link, which lies over the page while it is seen.
        self.found.extend(f"{state}: {one}" for one in order_findings(stops[1:]))
        self._to_the_top()
        return stops

    def skip(self) -> None:
        """Use the skip link: the next stop is in the main part."""
        self._to_the_top()
        self.page.keyboard.press("Tab")
        first = stop_here(self.page)
        assert first is not None
        assert not first.in_main
        assert min(first.top, first.left) >= 0, "the skip link has the focus and is not seen"
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Tab")
        after = stop_here(self.page)
        led_to_main = after is not None and after.in_main
        assert led_to_main, f"{first.name} leads to {after}"

    def press(self, text: str) -> None:
        """Tab to the button or link that begins with ``text``, and press Enter."""
        self.tab_to(_ON_BUTTON, text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def press_value(self, value: str) -> None:
        """Tab to the button with a value, and press Space."""
        self.tab_to(_ON_VALUE, value)
        with self.page.expect_navigation():
            self.page.keyboard.press("Space")

    def choose(self, name: str, value: str) -> None:
        """Tab into the group, Space for the first answer, arrows to another."""
        self.tab_to(_ON_CONTROL, name)
        self.page.keyboard.press("Space")
        for _ in range(30):
            if self.page.evaluate(_ON_VALUE, value):
                break
            self.page.keyboard.press("ArrowDown")
        assert self.page.locator(f"[name='{name}'][value='{value}']").is_checked()

    def tick(self, name: str) -> None:
        """Tab to the box, and Space."""
        self.tab_to(_ON_CONTROL, name)
        self.page.keyboard.press("Space")
        assert self.page.locator(f"[name={name}]").is_checked()

    def write(self, name: str, text: str) -> None:
        """Tab to the field, and type."""
        self.tab_to(_ON_CONTROL, name)
        self.page.keyboard.type(text)

    def tab_to(self, condition: str, argument: object) -> None:
        """Tab until the script ``condition`` holds of what has the focus."""
        if self.page.evaluate(condition, argument):
            return
        for _ in all_stops(self.page):
            if self.page.evaluate(condition, argument):
                return
        raise AssertionError(f"the keyboard does not reach {argument!r} at {self.page.url}")

    def _to_the_top(self) -> None:
        """As when the page is opened anew: the next Tab comes to what is first in it."""
        self.page.evaluate(
            "() => { document.body.tabIndex = -1; document.body.focus();"
            " document.body.removeAttribute('tabindex'); getSelection().removeAllRanges();"
            " scrollTo(0, 0); }"
        )
