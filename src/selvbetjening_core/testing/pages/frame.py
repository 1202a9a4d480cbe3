"""What stands around the content: title, authority, footer, log-off, and the buttons' place."""

from __future__ import annotations

from bs4 import Tag

from selvbetjening_core.testing.pages.fields import error_messages
from selvbetjening_core.testing.pages.page import (
    CONTROLS,
    EVERYWHERE,
    MUNICIPAL,
    SUBMITS,
    WHOLE_PAGES,
    Page,
    PageKind,
    attribute,
    name_of,
    text,
)
from selvbetjening_core.testing.pages.rules import Found, PageRule

_IN_A_JOURNEY = frozenset({PageKind.STEP, PageKind.SUMMARY})
_SOLUTION = ".solution-title, .solution-heading"


def title(page: Page) -> Found:
    """The title is the heading, the solution and the authority, in that order."""
    found = page.soup.title
    if found is None or not text(found):
        yield None, "no title"
        return
    begins = "" if page.kind is PageKind.RECEIPT else _text(page, "h1")
    told = _without_prefix(page, text(found))
    if not told.startswith(begins):
        yield found, "the title does not begin with the heading"
    place = 0
    for part in (_named(page, _SOLUTION), _named(page, "header .authority-name")):
        place = told.find(part, place)
        if place < 0:
            yield found, "the title lacks the solution or the authority, or has them in disorder"
            return
        place += 0 if part == begins else len(part)


def title_tells_errors(page: Page) -> Found:
    """The title begins with "Fejl:" when something is wrong, and only then."""
    found = page.soup.title
    if found is None:
        return
    is_wrong = page.expected.errors or bool(error_messages(page))
    says_so = text(found).startswith(page.texts.t("common.error_prefix"))
    if is_wrong and not says_so:
        yield found, "something is wrong, and the title does not begin by saying so"
    if says_so and not is_wrong:
        yield found, "the title tells of an error, and there is none"


def authority_named(page: Page) -> Found:
    """The authority's name in the header, marked, and in the footer."""
    name = _text(page, "header .authority-name")
    if not name:
        yield page.soup.select_one("header"), "no .authority-name with a text"
        return
    footer = page.soup.select_one("footer")
    if footer is None or name not in text(footer):
        yield footer, "the authority is not named in the footer"


def footer_links(page: Page) -> Found:
    """The accessibility statement and the privacy policy, in the footer."""
    links = [link for link in page.select("footer a[href]") if attribute(link, "href")]
    told = [name_of(page, link) for link in links]
    for key in ("layout.accessibility", "layout.privacy"):
        wanted = page.texts.t(key)
        if not any(one.startswith(wanted) for one in told):
            yield page.soup.select_one("footer"), f'no link "{wanted}"'


def log_off(page: Page) -> Found:
    """Who is logged in can log off: a button in a form of its own, never a link."""
    wanted = page.texts.t("layout.log_out")
    buttons = [tag for tag in page.select("button") if wanted in name_of(page, tag)]
    for link in page.select("header a"):
        if name_of(page, link) == wanted:
            yield link, "logging off is a link"
    if page.expected.logged_in and not buttons:
        yield page.soup.select_one("header"), f'no button "{wanted}"'
    for button in buttons:
        form = button.find_parent("form")
        if form is None or attribute(form, "method").lower() != "post":
            yield button, "the button is not in a form that posts"


def is_relayed(form: Tag) -> bool:
    """Does it bring a login provider's answer on? That proves itself, and nobody fills it in."""
    seen = form.select("input:not([type=hidden]), textarea, select")
    return form.has_attr("data-relay") and not seen


def csrf_token(page: Page) -> Found:
    """Every form that posts carries the token."""
    for form in page.select("form"):
        posts = attribute(form, "method").lower() == "post"
        if is_relayed(form):
            continue
        token = form.select_one("input[name=csrf_token]")
        if posts and (token is None or not attribute(token, "value")):
            yield form, "no csrf_token"


_OF_FIELD = "do"


def buttons_last(page: Page) -> Found:
    """The way back stands above the heading, the way on below the last field."""
    back = page.texts.t("common.back")
    ways = [a for a in page.select("main a[href]") if name_of(page, a).endswith(back)]
    heading = page.heading
    if heading and not any(page.is_before(way, heading) for way in ways):
        yield heading, f'no link "{back}" above the heading'
    forms = page.select('main form[method="post"]')
    if not forms:
        yield page.main, "no form to go on with"
        return
    # A field's own button stays on the page; the way on is any other that can be seen.
    every = forms[-1].select(SUBMITS)
    if every and attribute(every[0], "name") == _OF_FIELD:
        yield every[0], "Enter in a field presses this button, which does not go on"
    seen = [one for one in every if attribute(one, "aria-hidden") != "true"]
    submits = [one for one in seen if attribute(one, "name") != _OF_FIELD]
    controls = forms[-1].select(CONTROLS)
    if not submits:
        yield forms[-1], "no button to go on with"
    for control in controls:
        if submits and page.is_before(submits[0], control):
            yield submits[0], "a field stands below the button"
            return


def _without_prefix(page: Page, told: str) -> str:
    return told.removeprefix(page.texts.t("common.error_prefix")).lstrip()


def _named(page: Page, css: str) -> str:
    """The solution or authority in the header; empty on a page that belongs to none."""
    told = _text(page, css)
    return "" if told == page.texts.t("layout.site") else told


def _text(page: Page, css: str) -> str:
    found = page.soup.select_one(css)
    return text(found) if found else ""


FRAME_RULES = (
    PageRule(
        "page",
        "title",
        "Sidens titel er overskriften, løsningen og myndigheden.",
        "dkfds; WCAG 2.4.2",
        WHOLE_PAGES,
        title,
    ),
    PageRule(
        "page",
        "title-tells-errors",
        "Titlen begynder med “Fejl:”, når noget er forkert.",
        "dkfds, fejlopsummering; WCAG 3.3.1",
        WHOLE_PAGES,
        title_tells_errors,
    ),
    PageRule(
        "SB-12",
        "authority-named",
        "Myndighedens navn står i sidehoved og sidefod på hver side.",
        "krav 2.7; dkfds",
        MUNICIPAL,
        authority_named,
    ),
    PageRule(
        "SB-13",
        "footer-links",
        "Sidefoden har links til tilgængelighedserklæring og privatlivspolitik.",
        "dkfds; webtilgængelighedsloven",
        MUNICIPAL,
        footer_links,
    ),
    PageRule(
        "page",
        "log-off",
        "Den, der er logget ind, kan logge af med en knap.",
        "dkfds, sidehoved",
        WHOLE_PAGES,
        log_off,
    ),
    PageRule(
        "SB-34",
        "csrf-token",
        "Hver formular, der sendes, er beskyttet mod forfalskning.",
        "OWASP ASVS, CSRF",
        EVERYWHERE,
        csrf_token,
    ),
    PageRule(
        "page",
        "buttons-last",
        "Vejen tilbage står over overskriften, vejen videre under det sidste felt.",
        "dkfds, knapper og tilbage-link",
        _IN_A_JOURNEY,
        buttons_last,
    ),
)
"""Rules for what stands around the content."""
