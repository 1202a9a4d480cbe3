"""The faults of the suite ``a11y``: each is planted in the pages, or in what makes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from selvbetjening_core.testing.pages import PageKind, rules_for

Change = Callable[[BeautifulSoup], None]
CONTROL = "main form :is(input:not([type=hidden]), textarea)"
GROUP = ".form-group"
POSITION = re.compile(r"Trin \d+ af \d+")
MESSAGE = ".form-error-message"
SUMMARY = "main [role=alert]"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong on every page.

    :param told: what is wrong then, in a sentence
    :param change: changes the tree of elements of a page
    :param css: is said at the end of every style sheet
    :param rule: the rule for pages that must find it; empty: the browser must
    :param seen_on: the kinds that are enough for the browser to see it on
    """

    told: str
    change: Change | None = None
    css: str = ""
    rule: str = ""
    seen_on: tuple[str, ...] = ("text", "choice")

    def plant(self, html: str) -> str:
        """The page with the fault in it."""
        if self.change is None:
            return html
        soup = BeautifulSoup(html, "html.parser")
        self.change(soup)
        return str(soup)


def _each(css: str, change: Callable[[Tag], object]) -> Change:
    def changed(soup: BeautifulSoup) -> None:
        for tag in soup.select(css):
            change(tag)

    return changed


def _drop(css: str) -> Change:
    return _each(css, lambda tag: tag.extract())


def _unset(css: str, name: str) -> Change:
    return _each(css, lambda tag: tag.attrs.pop(name, None))


def _put(css: str, name: str, value: str) -> Change:
    return _each(css, lambda tag: tag.attrs.update({name: value}))


def _add(css: str, html: str) -> Change:
    return _each(css, lambda tag: tag.append(BeautifulSoup(html, "html.parser")))


def _say(css: str, text: str) -> Change:
    return _each(css, lambda tag: setattr(tag, "string", text))


def _move_last(css: str, into: str) -> Change:
    def moved(soup: BeautifulSoup) -> None:
        for tag, outer in zip(soup.select(css), soup.select(into), strict=False):
            outer.append(tag.extract())

    return moved


def _no_groups(soup: BeautifulSoup) -> None:
    for tag in soup.select("fieldset"):
        tag.name = "div"
        tag.attrs.pop("role", None)


def _years_first(soup: BeautifulSoup) -> None:
    for day in soup.select("[name$='.day']"):
        name = str(day["name"]).removesuffix(".day")
        year = soup.select_one(f"[name='{name}.year']")
        day["name"], year["name"] = year["name"], day["name"]


_BY_RULE: Mapping[str, Change] = {
    "html-language": _unset("html", "lang"),
    "one-heading": _add("main", "<h1>Igen</h1>"),
    "heading-levels": _add("main", "<h5>For dybt</h5>"),
    "skip-link": _put("body > a", "href", "#nowhere"),
    "landmarks": _add("body", "<header></header>"),
    "unique-ids": _add("footer", '<p id="same"></p><p id="same"></p>'),
    "nothing-inline": _put("main", "style", "margin: 0"),
    "script-nonce": _add("main", '<script src="/static/own.js"></script>'),
    "nothing-foreign": _put("main form", "action", "https://elsewhere.example/"),
    "no-autofocus": _put(CONTROL, "autofocus", ""),
    "can-be-enlarged": _put(
        "meta[name=viewport]", "content", "width=device-width, user-scalable=no"
    ),
    "table-headers": _add("main", "<table><tr><td>Pris</td></tr></table>"),
    "title": _say("title", "Andet"),
    "title-tells-errors": _each(
        "title", lambda tag: setattr(tag, "string", tag.get_text().removeprefix("Fejl: "))
    ),
    "authority-named": _unset(".authority-name", "class"),
    "footer-links": _drop("footer nav li"),
    "log-off": _drop("form[action='/-/log-af']"),
    "csrf-token": _drop("main [name=csrf_token]"),
    "buttons-last": _drop(":is(.back, .back-link)"),
    "error-invalid": _unset("[aria-invalid]", "aria-invalid"),
    "group-invalid": _unset("fieldset[aria-invalid], fieldset [aria-invalid]", "aria-invalid"),
    "described-by": _unset("[aria-describedby]", "aria-describedby"),
    "references-resolve": _put(CONTROL, "aria-describedby", "gone"),
    "error-prefix": _drop(f"{MESSAGE} .sr-only"),
    "error-place": _move_last(MESSAGE, f"{GROUP}:has({MESSAGE})"),
    "error-class": _each(".form-error", lambda tag: tag.attrs.update({"class": ["form-group"]})),
    "date-order": _years_first,
    "short-answers-short": _put("[inputmode=numeric]", "class", "form-input width-full"),
    "autocomplete": _put(CONTROL, "autocomplete", "count"),
    "paste-allowed": _put(CONTROL, "onpaste", "return false"),
    "no-placeholder": _put(CONTROL, "placeholder", "7"),
    "nothing-disabled": _put(CONTROL, "disabled", ""),
    "own-messages": _unset("main form", "novalidate"),
    "optional-marked": _drop(".optional, .weight-normal"),
    "group-fieldset": _no_groups,
    "label-for": _put("main label", "for", "gone"),
    "control-labelled": _drop("main label"),
    "control-sent": _unset(CONTROL, "name"),
    "control-in-form": _add("main", '<select name="a" aria-label="Antal"></select>'),
    "summary-present": _drop(SUMMARY),
    "summary-announced": _unset(SUMMARY, "role"),
    "summary-focused": _unset(SUMMARY, "autofocus"),
    "summary-place": _move_last(SUMMARY, "main"),
    "summary-words": _each(f"{SUMMARY} a", lambda tag: tag.append("!")),
    "summary-targets": _put(f"{SUMMARY} a", "href", "#gone"),
    "can-be-left": _drop("main form [name=_leave]"),
    "position": _each(
        "main", lambda tag: [one.replace_with("Et trin") for one in tag.find_all(string=POSITION)]
    ),
    "session-warning": _drop("[data-session-line]"),
    "foreign-words": _add("main", "<p>Please try again</p>"),
    "internal-words": _add("main", "<p>pstruct</p>"),
    "stock-sentences": _add("main", "<p>Der opstod en fejl</p>"),
    "leftovers": _add("main", "<p>{{ navn }}</p>"),
    "field-classes": _unset(CONTROL, "class"),
    "summary-classes": _unset(SUMMARY, "data-module"),
    "header-rows": _put(".portal-info", "class", "portal"),
    "button-classes": _put("main button", "class", "button"),
    "back-link-class": _put(".back-link", "class", ""),
    "list-wrapped": _add("main", '<table><tr><th scope="row">Pris</th></tr></table>'),
    "icons-drawn": _put("use", "href", "#gone"),
}

_SEEN = {
    "no-label": Fault("controls have no labels", _drop("main label")),
    "pale-text": Fault("text can hardly be read", css="main label, main legend { color: #ccc }"),
    "too-wide": Fault("a page is wider than its window", css="main h1 { width: 120rem }"),
    "cut-off": Fault(
        "text is cut off", css="main legend, main label { max-height: .5em; overflow: hidden }"
    ),
    "small-target": Fault(
        "a button is too small for a finger",
        css="main form button { padding: 0 !important; font-size: 9px !important }",
    ),
    "fixed-text": Fault(
        "text does not follow the browser's", css="main h1 { font-size: 20px !important }"
    ),
    "unseen-focus": Fault(
        "one cannot see where the focus is",
        css="* { outline: none !important; box-shadow: none !important }",
    ),
    "no-keyboard": Fault("the keyboard does not reach an answer", _put(CONTROL, "tabindex", "-1")),
    "lost-answer": Fault("what is typed is sent under another name", _put(CONTROL, "name", "x")),
    "no-new-row": Fault(
        "the keyboard does not reach the button that adds a row",
        _put(".add-row", "tabindex", "-1"),
        seen_on=("repeat",),
    ),
    "no-file": Fault(
        "the keyboard does not reach what chooses a file",
        _put("[type=file]", "tabindex", "-1"),
        seen_on=("files",),
    ),
    "file-not-sent": Fault(
        "a form with files sends their names alone",
        _unset("main form", "enctype"),
        seen_on=("files",),
    ),
    "inline-style": Fault("the page's policy is not kept", _put("main p", "style", "margin: 0")),
    "another-host": Fault(
        "the page asks another host",
        _add("main", '<img alt="" src="http://elsewhere.localhost:9/a.png">'),
    ),
}


def faults() -> dict[str, Fault]:
    """Every fault by name: what a browser must see, and one for each rule.

    :raises AssertionError: a rule for such pages has no fault
    """
    of_rules = {}
    for rule in rules_for(PageKind.STEP, design_system=True):
        assert rule.name in _BY_RULE, f"plant a fault for the rule {rule.name} in {__name__}"
        told = f"a page breaks the rule {rule.id}"
        of_rules[rule.name] = Fault(told, _BY_RULE[rule.name], rule=rule.name)
    return {**_SEEN, **of_rules}
