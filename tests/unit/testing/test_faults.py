"""Each rule has a planted fault: the least change of a good page that breaks it, and it alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup

from selvbetjening_core.testing.pages import RULES, breaches


@dataclass(frozen=True)
class Fault:
    """A way to break one rule."""

    rule: str
    page: str
    plant: Callable[[str], str]
    theme: str = "plain"


def swap(old, new):
    """Put a text in the place of another."""

    def plant(html):
        assert old in html, f"nothing to plant in: {old}"
        return html.replace(old, new, 1)

    return plant


def dom(change):
    """Change the tree of elements."""

    def plant(html):
        soup = BeautifulSoup(html, "html.parser")
        change(soup)
        return str(soup)

    return plant


def drop(css):
    """Take an element out."""
    return dom(lambda soup: soup.select_one(css).decompose())


def unset(css, name):
    """Take an attribute away."""
    return dom(lambda soup: soup.select_one(css).attrs.pop(name))


def put(css, name, value):
    """Give an attribute a value."""
    return dom(lambda soup: soup.select_one(css).attrs.update({name: value}))


def add(html):
    """Add something at the end of the main content."""
    return swap("</main>", f"{html}</main>")


def move(css, after):
    """Move an element behind another."""
    return dom(lambda soup: soup.select_one(after).insert_after(soup.select_one(css).extract()))


def no_fieldset(soup):
    fieldset = soup.select_one("fieldset[role=radiogroup]")
    fieldset.legend.name = "p"
    fieldset.name = "div"
    del fieldset["role"]


def unheaded(soup):
    soup.select_one(".error-summary h2").name = "p"


def under(heading, css):
    """Take out what stands under a heading."""

    def change(soup):
        found = soup.find("h2", string=heading)
        found.find_next_sibling(css).decompose()

    return dom(change)


def all_under(heading, css):
    """Take out all that stands under a heading, up to the next."""

    def change(soup):
        found = soup.find("h2", string=heading)
        for one in found.find_next_siblings(css):
            if one.find_previous_sibling("h2") is found:
                one.decompose()

    return dom(change)


LOG_OFF = '<button class="button-plain" type="submit">Log af</button>'
LABEL = '<label class="form-label" for="field-email">'
BUTTON = '<button class="button" type="submit" name="do" value="email:search">Søg</button>'
LINKED = '<p class="back"><a href="/kort">Tilbage</a></p>'

FAULTS = (
    Fault("html-language", "message", swap('<html lang="da">', "<html>")),
    Fault("html-language", "message", swap('<html lang="da">', '<html lang="dansk">')),
    Fault("one-heading", "message", add("<h1>Igen</h1>")),
    Fault("one-heading", "message", swap("<h1>", "<h1></h1><p>")),
    Fault("heading-levels", "message", add("<h4>For dybt</h4>")),
    Fault("skip-link", "message", swap('href="#main"', 'href="#footer-contact"')),
    Fault("skip-link", "message", swap("<body>", '<body><a href="/">Før</a>')),
    Fault("landmarks", "message", swap("<main", "<header></header><main")),
    Fault("unique-ids", "message", swap("</footer>", '<p id="main"></p></footer>')),
    Fault("script-nonce", "message", add('<script src="/static/own.js"></script>')),
    Fault("nothing-inline", "message", put("main", "style", "margin: 0")),
    Fault("nothing-inline", "message", add("<script>1</script>")),
    Fault("nothing-inline", "message", put("main", "onclick", "x()")),
    Fault("nothing-inline", "message", add('<a href="javascript:x()">Luk</a>')),
    Fault("nothing-foreign", "message", put("link", "href", "https://cdn.example/a.css")),
    Fault("nothing-foreign", "message", put("link", "href", "//cdn.example/a.css")),
    Fault("nothing-foreign", "summary", put("main form", "action", "https://a.example/")),
    Fault("nothing-foreign", "message", add('<svg><use href="//cdn.example/a.svg#b"></use></svg>')),
    Fault("no-autofocus", "step da", put("#field-phone", "autofocus", "")),
    Fault("no-autofocus", "message", put("main .lead", "autofocus", "")),
    Fault(
        "can-be-enlarged",
        "message",
        put("meta[name=viewport]", "content", "width=device-width, user-scalable=no"),
    ),
    Fault(
        "can-be-enlarged",
        "message",
        put("meta[name=viewport]", "content", "width=device-width, maximum-scale=1.0"),
    ),
    Fault("table-headers", "message", add("<table><tr><th>Pris</th></tr></table>")),
    Fault("table-headers", "message", add("<table><tr><td>Pris</td></tr></table>")),
    Fault("title", "message", swap("<title>", "<title>Andet ")),
    Fault("title", "step da", swap("Morsø Kommune</title>", "</title>")),
    Fault("title-tells-errors", "errors da", swap("<title>Fejl: ", "<title>")),
    Fault("title-tells-errors", "step da", swap("<title>", "<title>Fejl: ")),
    Fault("authority-named", "home", swap('class="authority-name"', 'class="name"')),
    Fault("authority-named", "home", drop("footer section")),
    Fault("footer-links", "message", drop("footer nav li")),
    Fault("log-off", "message", swap(LOG_OFF, '<a href="/-/log-af">Log af</a>')),
    Fault("log-off", "message", put("form.log-out", "method", "get")),
    Fault("csrf-token", "intro da", drop("main [name=csrf_token]")),
    Fault("csrf-token", "intro da", put("main [name=csrf_token]", "value", "")),
    Fault("buttons-last", "step da", swap(LINKED, "")),
    Fault("buttons-last", "step da", swap(LABEL, BUTTON + LABEL)),
    Fault("buttons-last", "step da", move("main .actions", "main [name=csrf_token]")),
    Fault("error-invalid", "errors da", unset("#field-email", "aria-invalid")),
    Fault("error-invalid", "step da", put("#field-email", "aria-invalid", "true")),
    Fault("group-invalid", "errors da", unset("fieldset[role=radiogroup]", "aria-invalid")),
    Fault("group-invalid", "errors da", unset("[id='field-since-day']", "aria-invalid")),
    Fault("group-invalid", "errors da", unset("#field-account-registration", "aria-invalid")),
    Fault(
        "group-invalid",
        "errors da",
        unset("#field-account-registration", "aria-invalid"),
        "dkfds",
    ),
    Fault(
        "group-invalid", "step da", put("#field-account-account", "aria-invalid", "true"), "dkfds"
    ),
    Fault(
        "described-by",
        "errors da",
        swap('"field-email-hint field-email-error"', '"field-email-error field-email-hint"'),
    ),
    Fault("described-by", "errors da", unset("fieldset", "aria-describedby")),
    Fault("references-resolve", "message", put("main", "aria-describedby", "gone")),
    Fault("error-prefix", "errors da", drop(".form-error-message .sr-only")),
    Fault("error-place", "errors da", move("#field-email-error", "#field-email")),
    Fault("error-place", "errors da", move("[for=field-email]", "#field-email-error")),
    Fault("error-class", "errors da", swap("form-group form-error", "form-group")),
    Fault("date-order", "step da", move(".date-part", ".date-part:nth-of-type(2)")),
    Fault("short-answers-short", "step da", put("#field-copies", "class", "form-input")),
    Fault("short-answers-short", "step da", put("#field-copies", "class", "width-full")),
    Fault("autocomplete", "step da", unset("#field-email", "autocomplete")),
    Fault("autocomplete", "step da", put("#field-copies", "autocomplete", "count")),
    Fault("paste-allowed", "step da", put("#field-email", "onpaste", "return false")),
    Fault("no-placeholder", "step da", put("#field-copies", "placeholder", "7")),
    Fault("nothing-disabled", "step da", put("#field-copies", "disabled", "")),
    Fault("own-messages", "step da", unset("main form", "novalidate")),
    Fault("optional-marked", "step da", drop("[for=field-email] .optional")),
    Fault("optional-marked", "step da", swap("Antal kort", "Antal kort *")),
    Fault("group-fieldset", "step da", dom(no_fieldset)),
    Fault("group-fieldset", "step da", drop("fieldset[role=radiogroup] legend")),
    Fault("label-for", "message", add('<label for="gone">Navn</label>')),
    Fault("control-labelled", "step da", drop("[for=field-copies]")),
    Fault("control-sent", "step da", unset("#field-copies", "name")),
    Fault("control-in-form", "step da", add('<select name="a" aria-label="Antal"></select>')),
    Fault("summary-present", "errors da", drop(".error-summary")),
    Fault("summary-announced", "errors da", unset(".error-summary", "role")),
    Fault("summary-announced", "errors da", dom(unheaded)),
    Fault("summary-focused", "errors da", unset(".error-summary", "autofocus")),
    Fault("summary-focused", "errors da", unset(".error-summary", "tabindex")),
    Fault("summary-place", "errors da", move(".error-summary", "h1")),
    Fault("summary-place", "errors da", move(".back", ".error-summary")),
    Fault("summary-words", "errors da", swap('#field-phone">', '#field-phone">Ret: ')),
    Fault("summary-words", "errors da", move(".error-summary li", ".error-summary li + li")),
    Fault("summary-targets", "errors da", swap('href="#field-phone"', 'href="#main"')),
    Fault("summary-targets", "errors da", swap('href="#field-phone"', 'href="#gone"')),
    Fault("summary-targets", "errors da", swap("#field-since-day", "#field-since-month")),
    Fault("alternative-way-in", "intro da", all_under("Kan du ikke bruge selvbetjening?", "p")),
    Fault("minutes", "intro da", swap("cirka 5 minutter", "få minutter")),
    Fault("steps-listed", "intro da", drop("ol.steps li:last-child")),
    Fault("steps-listed", "intro da", swap("Tjek dine svar</li>", "Betaling</li>")),
    Fault("price-told", "intro da", under("Hvad koster det?", "dl")),
    Fault("have-ready", "intro da", under("Hav det her klar", "ul")),
    Fault("can-be-left", "step da", drop("main form [name=_leave]")),
    Fault("can-be-left", "step da", move("main form button", "main form [name=_leave]")),
    Fault("position", "step da", swap("Trin 1 af 2", "Trin 1")),
    Fault("position", "step da", swap("Trin 1 af 2", "Trin 2 af 2")),
    Fault("all-answers-shown", "summary", swap("<dd>2</dd>", "<dd></dd>")),
    Fault("each-can-be-changed", "summary", drop('a[href="/om?ret"]')),
    Fault("each-can-be-changed", "summary", unset('a[href="/om?ret"]', "aria-label")),
    Fault("receipt-proves", "receipt", swap("7K4M-92XP", "")),
    Fault("receipt-proves", "receipt", swap("22. november 2026 kl. 13.05", "i går")),
    Fault("receipt-proves", "receipt", swap("22. november 2026 kl. 13.05", "22. november 2026")),
    Fault("receipt-proves", "receipt", swap("<dd>Morsø Kommune</dd>", "<dd>Kommunen</dd>")),
    Fault("session-warning", "message", drop("[data-session-line]")),
    Fault("session-warning", "message", put("dialog", "data-warn-seconds", "10")),
    Fault("foreign-words", "message", add("<p>Please try again</p>")),
    Fault("foreign-words", "message", add('<p aria-label="Close"></p>')),
    Fault("foreign-words", "intro en", add("<p>Du skal ikke gøre noget</p>")),
    Fault("foreign-words", "intro en", unset("main li[lang=da]", "lang")),
    Fault("internal-words", "message", add("<p>pstruct</p>")),
    Fault("stock-sentences", "message", add("<p>Der opstod en fejl</p>")),
    Fault("stock-sentences", "intro en", add("<p>Shorter than minimum length 3</p>")),
    Fault("leftovers", "message", add("<p>{{ navn }}</p>")),
    Fault("leftovers", "message", add("<p>None</p>")),
    Fault("leftovers", "message", add("<p>\ue000</p>")),
    Fault("field-classes", "step da", put("#field-copies", "class", "input-width-xs"), "dkfds"),
    Fault("summary-classes", "errors da", unset(".error-summary", "data-module"), "dkfds"),
    Fault("header-rows", "message", put(".portal-info", "class", "portal"), "dkfds"),
    Fault("header-rows", "message", put(".skipnav", "class", "skip"), "dkfds"),
    Fault("button-classes", "step da", put("main button", "class", "button"), "dkfds"),
    Fault("back-link-class", "step da", put(".back-link", "class", ""), "dkfds"),
    Fault("list-wrapped", "summary", unset(".table--responsive-scroll", "tabindex"), "dkfds"),
    Fault("icons-drawn", "step da", put("main use", "href", "#gone"), "dkfds"),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.rule)
def test_a_planted_fault_turns_exactly_its_rule_red(good_pages, fault):
    page = good_pages[fault.theme][fault.page]
    found = breaches(fault.plant(page.html), page.kind, page.expected)
    assert {one.rule.split()[-1] for one in found} == {fault.rule}, [str(one) for one in found]


def test_only_a_known_group_of_parts_makes_one_question_of_many(good_pages):
    """Elsewhere a group in a group answers for itself."""
    page = good_pages["dkfds"]["errors da"]
    html = swap('class="account-parts"', 'class="parts"')(page.html)
    found = {one.rule.split()[-1] for one in breaches(html, page.kind, page.expected)}
    assert "error-invalid" in found


def test_every_rule_has_a_fault():
    assert {fault.rule for fault in FAULTS} == {rule.name for rule in RULES}


def test_rules_say_what_where_from_and_in_danish():
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.text.endswith("."), rule.id
        assert rule.source, rule.id
        assert rule.kinds, rule.id
        assert rule.check.__doc__, rule.id


def test_a_breach_tells_rule_place_and_what_is_wrong(good_pages):
    page = good_pages["plain"]["errors da"]
    html = page.html.replace(' aria-invalid="true"', "", 1)
    (breach,) = breaches(html, page.kind, page.expected)
    assert breach.rule == "SB-16 error-invalid"
    assert breach.selector == "input#field-email"
    assert breach.rule_text == "Et felt med fejl er mærket med aria-invalid."
    assert str(breach).startswith("SB-16 error-invalid at input#field-email: ")


def test_a_breach_quotes_nothing_that_was_typed(good_pages):
    page = good_pages["plain"]["errors da"]
    soup = BeautifulSoup(page.html, "html.parser")
    for control in soup.select("main input[type=text]"):
        control["value"] = "0201609996"
        control["id"] = ""
    told = "".join(map(str, breaches(str(soup), page.kind, page.expected)))
    assert "control-labelled" in told
    assert "0201609996" not in told
