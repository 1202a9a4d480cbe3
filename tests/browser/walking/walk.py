"""One citizen's way through a municipality, page by page, in every state a page can have.

A walk says what a citizen would say: the words on buttons, the names of answers.
So it goes through every theme alike. Each state it comes to is handed out by name,
and whoever asked for the walk looks at the page before it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from selvbetjening_core.texts import texts_for
from walking.town import Town

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SOLUTION = "sundhedskort"


class Walk:
    """A browser window at one municipality, in one language."""

    def __init__(self, page: Page, town: Town, municipality: str, locale: str = "da") -> None:
        self.page = page
        self.town = town
        self.municipality = municipality
        self.locale = locale
        self._texts = texts_for(locale)

    def whole_way(self) -> Iterator[str]:
        """From the front page to the goodbye, with every mistake on the way."""
        yield from self.arrive()
        yield from self.log_in()
        yield from self.questions()
        yield from self.change_an_answer()
        yield from self.pay()
        yield from self.leave()

    def arrive(self) -> Iterator[str]:
        """The front page and the introduction."""
        self.open("/")
        yield "front page"
        self.leave_by(self.page.locator(f"main a[href$='/{SOLUTION}']").first)
        yield "introduction"

    def log_in(self) -> Iterator[str]:
        """Change one's mind at the provider, then log in there."""
        self.press("common.log_in")
        yield "provider: login"
        self.leave_by(self.page.locator("button[name=cancel]"))
        yield "login cancelled"
        self.open(f"/{SOLUTION}")
        self.press("common.log_in")
        self.leave_by(self.page.locator("button[value=kirsten]"))

    def questions(self) -> Iterator[str]:
        """Every step: empty, sent as it is, and filled in."""
        yield from self._question("person", lambda: self.choose("holder", "self"))
        yield from self._question("reason", lambda: self.choose("cause", "damaged"))
        yield from self._question("card", lambda: self.choose("card_age", "under_4_years"))
        self.follow("common.back")
        assert self.page.locator("input[value=under_4_years]").is_checked()
        self.follow("common.back")
        assert self.page.locator("input[value=damaged]").is_checked()
        self.choose("cause", "new_doctor")
        self.go_on()
        yield from self._question("doctor", lambda: self.write("doctor", "Lægehuset Æblevej"))
        yield from self._question("sending", self._send_to)
        yield from self._question("consent", lambda: self.tick("cancel_old_card"))

    def change_an_answer(self) -> Iterator[str]:
        """The summary, and one answer corrected from there."""
        yield "summary"
        self.leave_by(self.page.locator(f"main a[href*='/{SOLUTION}/trin/sending']").first)
        yield "sending, to be corrected"
        self.write("email", "kirsten@example.org")
        self.go_on()
        yield "summary, corrected"

    def pay(self) -> Iterator[str]:
        """A declined card, then one that is taken."""
        self.press("summary.pay")
        yield "provider: payment"
        self.leave_by(self.page.locator("button[value=decline]"))
        yield "payment declined"
        self.press("payment.retry")
        self.press("summary.pay")
        self.leave_by(self.page.locator("button[value=pay]"))
        yield "receipt"
        self.receipt_url = self.page.url

    def leave(self) -> Iterator[str]:
        """The status, an offer to begin again, and the log-off."""
        self.town.application.engine.drain()
        self.follow("receipt.status")
        yield "status"
        self.open(f"/{SOLUTION}/sendt")
        yield "sent already"
        self.log_off()
        yield "logged off"

    # -- what a citizen does ---------------------------------------------------

    def open(self, path: str) -> int:
        """Go to an address of the municipality; the status of the answer."""
        answer = self.page.goto(self.town.url(self.municipality, path, self.locale))
        return answer.status if answer else 0

    def press(self, text: str) -> int:
        """Press the button that says ``text`` (a name of the core's texts); the answer's status."""
        main = self.page.locator("main")
        return self.leave_by(main.get_by_role("button", name=self.t(text), exact=True))

    def follow(self, text: str) -> None:
        """Follow the link that says ``text``."""
        self.leave_by(self.page.get_by_role("link", name=self.t(text), exact=True).first)

    def go_on(self) -> int:
        """Send the step; the status of the answer."""
        return self.press("step.next")

    def choose(self, name: str, value: str) -> None:
        """Choose one of several answers, by its label: the button itself may be a drawing."""
        self._label(f"input[name={name}][value='{value}']").click()

    def tick(self, name: str) -> None:
        """Tick a box."""
        self._label(f"input[name={name}]").click()

    def write(self, name: str, text: str) -> None:
        """Fill in a text."""
        self.page.locator(f"main [name={name}]").fill(text)

    def log_off(self) -> None:
        """Log off, wherever the theme has its button; here, at the provider, and back."""
        button = self.page.get_by_role("button", name=self.t("layout.log_out"), exact=True)
        self.leave_by(button.locator("visible=true").first)
        self.wait_until_logged_off()

    def wait_until_logged_off(self) -> None:
        """A page goes on to the provider by itself; the provider sends the browser back."""
        self.page.wait_for_url("**/-/logget-af")

    def t(self, name: str) -> str:
        """A text of the core in the walk's language."""
        return self._texts.t(name)

    def leave_by(self, way: Locator) -> int:
        """Click what leads to another page, and wait for that; its status."""
        with self.page.expect_navigation() as navigation:
            way.click()
        answer = navigation.value
        return answer.status if answer else 0

    # -- steps -----------------------------------------------------------------

    def _question(self, name, fill_in) -> Iterator[str]:
        yield f"{name}, empty"
        self.go_on()
        assert self.page.locator("[aria-invalid=true]").count()
        yield f"{name}, with errors"
        fill_in()
        yield f"{name}, complete"
        self.go_on()

    def _send_to(self) -> None:
        self.choose("proof", "no")

    def _label(self, control: str) -> Locator:
        identity = self.page.locator(f"main {control}").get_attribute("id")
        return self.page.locator(f"main label[for='{identity}']")
