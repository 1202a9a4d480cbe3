"""What holds for the HTML of every page: language, headings, ids, nothing inline or foreign."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urlsplit

from selvbetjening_core.testing.pages.error_summary import summaries
from selvbetjening_core.testing.pages.page import (
    EVERYWHERE,
    FOCUSABLE,
    HEADINGS,
    WHOLE_PAGES,
    Page,
    attribute,
)
from selvbetjening_core.testing.pages.rules import Found, PageRule

CLIPBOARD = frozenset({"onpaste", "oncopy", "oncut", "ondrop", "onbeforepaste"})
_ASSETS = (
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("iframe", "src"),
    ("embed", "src"),
    ("audio", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("object", "data"),
    ("link", "href"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("image", "href"),
    ("base", "href"),
    ("form", "action"),
    ("button", "formaction"),
)


def html_language(page: Page) -> Found:
    """The page says its language, and it is the one that was asked for."""
    html = page.soup.html
    code = attribute(html, "lang") if html else ""
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", code):
        yield html, "html has no lang"
    elif page.expected.locale and code != page.expected.locale:
        yield html, f"lang is {code}, expected {page.expected.locale}"


def one_heading(page: Page) -> Found:
    """Exactly one h1, with a text."""
    found = page.select("h1")
    if len(found) != 1:
        yield None, f"{len(found)} h1"
    elif not found[0].get_text(strip=True):
        yield found[0], "the h1 is empty"


def heading_levels(page: Page) -> Found:
    """From the h1 on, no level is left out."""
    headings = page.soup.find_all(HEADINGS)
    start = next((i for i, tag in enumerate(headings) if tag.name == "h1"), 0)
    for before, after in pairwise(headings[start:]):
        if int(after.name[1]) > int(before.name[1]) + 1:
            yield after, f"{after.name} after {before.name}"


def skip_link(page: Page) -> Found:
    """The first thing the keyboard reaches leads to the content."""
    first = page.soup.select_one(f"body :is({FOCUSABLE})")
    if first is None or not attribute(first, "href").startswith("#"):
        yield first, "the first that can have focus is no link to the content"
        return
    target = page.by_id(attribute(first, "href")[1:])
    if target is None or (target.name != "main" and target.select_one("h1") is None):
        yield first, "the link does not lead to the main content"


def landmarks(page: Page) -> Found:
    """Header, main and footer, once each at the outermost level."""
    for name in ("header", "main", "footer"):
        outer = [
            tag
            for tag in page.soup.find_all(name)
            if tag.find_parent(["article", "aside", "dialog", "main", "nav", "section"]) is None
        ]
        if len(outer) != 1:
            yield None, f"{len(outer)} {name}"


def unique_ids(page: Page) -> Found:
    """No id twice."""
    counted = Counter(attribute(tag, "id") for tag in page.select("[id]"))
    for tag in page.select("[id]"):
        if counted.pop(attribute(tag, "id"), 1) > 1:
            yield tag, "the id is there more than once"


def nothing_inline(page: Page) -> Found:
    """No style or script in the page: the content security policy would stop it."""
    for tag in page.select("style, script:not([src])"):
        yield tag, f"an inline {tag.name}"
    for tag in page.select("*"):
        for name in tag.attrs:
            handler = name.startswith("on") and name not in CLIPBOARD
            if name == "style" or handler:
                yield tag, f"the attribute {name}"
        if attribute(tag, "href").lower().startswith("javascript:"):
            yield tag, "a javascript: link"


def scripts_carry_the_nonce(page: Page) -> Found:
    """Every script of a file carries the nonce of its page: browsers run no other."""
    for tag in page.select("script[src]"):
        if not attribute(tag, "nonce"):
            yield tag, "a script without a nonce"


def nothing_foreign(page: Page) -> Found:
    """Nothing is fetched from, or sent to, another host."""
    for name, key in _ASSETS:
        for tag in page.select(name):
            if _is_foreign(attribute(tag, key)):
                yield tag, f"{key} leads to another host"


def no_autofocus(page: Page) -> Found:
    """The reader begins at the top of the page, or at what it warns of."""
    for tag in page.select("[autofocus]"):
        if tag not in summaries(page) and attribute(tag, "role") != "alert":
            yield tag, "autofocus"


def can_be_enlarged(page: Page) -> Found:
    """The browser may enlarge the page."""
    for tag in page.select('meta[name="viewport"]'):
        content = attribute(tag, "content").replace(" ", "")
        if re.search(r"user-scalable=(no|0)|maximum-scale=[01](\.|,|$)", content):
            yield tag, "enlarging is switched off"


def table_headers(page: Page) -> Found:
    """Every heading of a table says what it heads, and every table has one."""
    for table in page.select("table"):
        headers = table.select("th")
        if not headers and attribute(table, "role") != "presentation":
            yield table, "a table without a heading"
        for header in headers:
            if attribute(header, "scope") not in {"row", "col", "rowgroup", "colgroup"}:
                yield header, "th without scope"


def _is_foreign(value: str) -> bool:
    addresses = (part.split()[0] for part in value.split(",") if part.split())
    parts = [urlsplit(address) for address in addresses]
    return any(one.netloc or one.scheme not in {"", "data"} for one in parts)


CONTRACT_RULES = (
    PageRule(
        "page",
        "html-language",
        "Siden siger, hvilket sprog den er på.",
        "WCAG 3.1.1",
        WHOLE_PAGES,
        html_language,
    ),
    PageRule(
        "page", "one-heading", "Siden har én hovedoverskrift.", "dkfds", WHOLE_PAGES, one_heading
    ),
    PageRule(
        "page",
        "heading-levels",
        "Overskrifter springer ikke et niveau over.",
        "WCAG 1.3.1",
        EVERYWHERE,
        heading_levels,
    ),
    PageRule(
        "page",
        "skip-link",
        "Det første, man kan nå med tastaturet, er et link til sidens indhold.",
        "dkfds, sidens opbygning; WCAG 2.4.1",
        WHOLE_PAGES,
        skip_link,
    ),
    PageRule(
        "page",
        "landmarks",
        "Siden har en sidehoved-, en indholds- og en sidefodsdel.",
        "dkfds, sidens opbygning; WCAG 1.3.1",
        WHOLE_PAGES,
        landmarks,
    ),
    PageRule(
        "page", "unique-ids", "Et id bruges kun én gang på siden.", "HTML", EVERYWHERE, unique_ids
    ),
    PageRule(
        "page",
        "nothing-inline",
        "Siden har hverken stil, script eller hændelser i sin HTML.",
        "indholdspolitikken (CSP)",
        EVERYWHERE,
        nothing_inline,
    ),
    PageRule(
        "page",
        "script-nonce",
        "Hvert script på siden bærer sidens engangsord (nonce).",
        "indholdspolitikken (CSP)",
        EVERYWHERE,
        scripts_carry_the_nonce,
    ),
    PageRule(
        "page",
        "nothing-foreign",
        "Siden henter intet fra andre og sender intet til andre.",
        "SB-33; cookiebekendtgørelsen",
        EVERYWHERE,
        nothing_foreign,
    ),
    PageRule(
        "page",
        "no-autofocus",
        "Siden flytter ikke fokus, når den åbnes, undtagen til en advarsel øverst.",
        "WCAG 3.2.1",
        EVERYWHERE,
        no_autofocus,
    ),
    PageRule(
        "page",
        "can-be-enlarged",
        "Siden kan forstørres i browseren.",
        "WCAG 1.4.4",
        WHOLE_PAGES,
        can_be_enlarged,
    ),
    PageRule(
        "page",
        "table-headers",
        "Hver overskrift i en tabel siger, om den gælder rækken eller kolonnen.",
        "dkfds, struktureret liste; WCAG 1.3.1",
        EVERYWHERE,
        table_headers,
    ),
)
"""Rules for the HTML of every page."""
