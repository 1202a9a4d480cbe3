"""The pages of the national design system. What each page is given is plain's tests' list."""

from __future__ import annotations

import difflib
import re
import runpy
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from selvbetjening_core.texts import LANGUAGES, texts_for
from selvbetjening_core.themes.plain import PLAIN
from selvbetjening_core.themes.rendering import PageRenderer, environment
from selvbetjening_core.values import Contact
from selvbetjening_dkfds.fetch import FOLDER
from selvbetjening_dkfds.theme import DkfdsTheme

PLAIN_TESTS = runpy.run_path(str(Path(__file__).parents[1] / "themes" / "test_plain.py"))
PAGES, HOSTILE, SESSION, OWN_SCRIPTS = (
    PLAIN_TESTS[name] for name in ("PAGES", "HOSTILE", "SESSION", "OWN_SCRIPTS")
)
EVERY_PAGE = pytest.mark.parametrize("name", PAGES)
THEME = DkfdsTheme(FOLDER / "templates", FOLDER / "static", is_fetched=True)
THEMES = {PLAIN.name: PLAIN, THEME.name: THEME}
LOOKS = {
    name: {"portal": portal, "sheets": (f"dkfds/css/{name}.css", "dkfds-own.css"), "icon": "i.svg"}
    for name, portal in (("borgerdk", "borger.dk"), ("virkdk", "Virk"), ("municipality", ""))
}


def page(name, locale="da", look="borgerdk", **changes):
    common = {
        "t": texts_for(locale).t,
        "locale": locale,
        "languages": [("da", "Dansk", "/da", True), ("en", "English", "/en", False)],
        "authority": "Morsø Kommune",
        "contact": Contact("99 70 70 00", "a@eksempel.dk", "10-14", "Vej 1"),
        "solution_title": "Bestil nyt sundhedskort",
        "user_name": HOSTILE,
        "logout_url": "/logout",
        "csrf_token": "token-1",
        "static_url": lambda path: f"/static/{path}",
        "demo": True,
        "faults": "",
        "home_url": "/",
        "accessibility_url": "/was",
        "privacy_url": "/privacy",
        "csp_nonce": "nonce-1",
        "framed": False,
        "title": "Titel",
        "session": SESSION,
        "look": LOOKS[look],
    }
    return PageRenderer(THEME, THEMES).page(name, **{**common, **PAGES[name], **changes})


def soup(name, *args, **changes):
    return BeautifulSoup(page(name, *args, **changes), "html.parser")


@EVERY_PAGE
@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_page_contract(name, locale):
    html = soup(name, locale)
    t = texts_for(locale).t
    assert html.html["lang"] == locale
    assert (len(html.find_all("h1")), len(html.find_all("main"))) == (1, 1)
    skip = html.find(["a", "button", "input"])
    assert skip["class"] == ["skipnav"]
    assert html.find(id=skip["href"][1:]).name == "main"
    portal, solution = (
        html.header.select_one(".portal-info"),
        html.header.select_one(".solution-info"),
    )
    assert portal.select_one("a.logo")["aria-label"].startswith("borger.dk")
    assert HOSTILE in portal.select_one(".user").get_text()
    assert t("layout.log_out") in portal.select_one("form button.log-off").get_text()
    assert solution.select_one(".solution-heading").get_text(strip=True) == (
        "Bestil nyt sundhedskort"
    )
    assert solution.select_one(".authority-name").get_text() == "Morsø Kommune"
    assert solution.select_one("a[href='tel:99707000']").get_text() == "99 70 70 00"
    for told in ("layout.accessibility", "layout.privacy"):
        assert t(told) in html.footer.get_text()
    assert "Morsø Kommune" in html.footer.get_text()
    assert t("layout.demo") in html.header.get_text()
    assert html.title.get_text().split(" \u2013 ")[-2:] == [
        "Bestil nyt sundhedskort",
        "Morsø Kommune",
    ]


@EVERY_PAGE
def test_values_are_escaped_and_nothing_is_inline_or_foreign(name):
    text = page(name)
    assert HOSTILE not in text
    html = BeautifulSoup(text, "html.parser")
    assert not html.find_all("style")
    own = OWN_SCRIPTS.get(name, [])
    sources = [script["src"] for script in html.find_all("script")]
    assert sources == ["/static/session.js", *own]
    assert not html.script.get_text()
    for tag in html.select("*"):
        assert not [key for key in tag.attrs if key == "style" or key.startswith("on")], tag
        for key in ("href", "src", "action"):
            assert not re.match(r"(https?:)?//", tag.get(key, "")), tag
    assert "://" not in (THEME.static / "dkfds-own.css").read_text("utf-8")


@EVERY_PAGE
def test_the_markup_is_whole(name):
    outline = PLAIN_TESTS["Outline"](page(name))
    assert (outline.open, outline.faults) == ([], [])
    html = soup(name)
    ids = [tag["id"] for tag in html.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for tag in html.find_all(attrs={"aria-labelledby": True}):
        assert set(tag["aria-labelledby"].split()) <= set(ids), tag
    levels = [int(tag.name[1]) for tag in html.main.find_all(re.compile("^h[1-6]$"))]
    start = levels.index(1)
    pairs = zip(levels[start:], levels[start + 1 :], strict=False)
    assert all(after - before <= 1 for before, after in pairs)


@EVERY_PAGE
def test_every_posting_form_carries_the_token(name):
    forms = soup(name).find_all("form")
    assert forms
    for form in forms:
        assert form["method"] == "post"
        if form.has_attr("data-relay"):
            # What the provider made the browser send; a token of ours would prove nothing.
            assert form.select_one("input[name=csrf_token]") is None
            continue
        assert form.select_one("input[name=csrf_token]")["value"] == "token-1"


def lines_that_differ(one, other):
    diff = difflib.unified_diff(one.splitlines(), other.splitlines(), n=0, lineterm="")
    return [line[1:] for line in list(diff)[2:] if not line.startswith("@@")]


def is_of_the_look(line):
    return line.startswith(('<link rel="stylesheet"', '<a class="logo"'))


@EVERY_PAGE
@pytest.mark.parametrize("other", ["virkdk", "municipality"])
def test_two_looks_differ_in_theme_assets_alone(name, other):
    differing = lines_that_differ(page(name), page(name, look=other))
    assert len(differing) == 4
    assert [line for line in differing if not is_of_the_look(line)] == []


def test_a_difference_in_the_content_would_be_seen():
    differing = lines_that_differ(page("home.html"), page("home.html", look="virkdk", title="X"))
    assert [line for line in differing if not is_of_the_look(line)] != []


def test_the_error_summary_stands_between_the_way_back_and_the_heading():
    html = page("step.html")
    summary = soup("step.html").select_one(
        ".alert.alert-error[role=alert][data-module=error-summary]"
    )
    [link] = summary.find_all("a")
    assert (link["href"], link.get_text()) == ("#field-a", HOSTILE)
    places = [html.index(what) for what in ('"back-link"', 'role="alert" data-module', "<h1")]
    assert places == sorted(places)
    assert "<title>Fejl: " in html
    assert "error-summary" not in page("step.html", error_links=())


def test_one_error_is_told_as_one():
    for count in (1, 2):
        links = [(f"field-{number}", "Skriv et navn") for number in range(count)]
        told = soup("step.html", error_links=links).select_one(".error-summary").get_text()
        one, many = texts_for("da").t("step.errors_one"), "2"
        assert (one in told, many in told) == (count == 1, count == 2)


def test_the_languages_are_named_in_their_own_and_the_current_one_is_told():
    links = soup("home.html").select(".languages a")
    assert [(one["lang"], one["hreflang"], one.get_text()) for one in links] == [
        ("da", "da", "Dansk"),
        ("en", "en", "English"),
    ]
    assert [one.get("aria-current") for one in links] == ["true", None]
    assert not soup("home.html", languages=[("da", "Dansk", "/da", True)]).select(".languages")


def test_where_an_answer_comes_from_is_told_beside_it():
    cells = soup("summary.html").select("td")
    source = texts_for("da").t("field.fact.source", source=HOSTILE)
    assert [cell.select_one(".form-hint").get_text() for cell in cells if cell.span] == [source]


def test_the_step_indicator_tells_where_one_is():
    assert soup("step.html").select_one(".step-subheading").get_text() == "Trin 1 af 3"


@pytest.mark.parametrize(
    ("name", "tables"),
    [("summary.html", 3), ("receipt.html", 6), ("status.html", 1), ("intro.html", 1)],
)
def test_answers_are_structured_lists(name, tables):
    found = soup(name).select("table.table.structured-list")
    assert len(found) == tables
    for table in found:
        assert table.parent["tabindex"] == "0"
        assert "table--responsive-scroll" in table.parent["class"]
        rows = table.find_all("tr")
        assert rows
        assert all(row.th["scope"] == "row" and row.td for row in rows)


def test_the_receipt_has_everything_to_keep():
    html = soup("receipt.html")
    told = html.main.get_text()
    assert "7K4M-92XP" in html.select_one(".proof").get_text()
    assert html.select_one("a.button-primary")["href"] == "/document"
    for key in ("after", "payment", "parties", "correct"):
        assert texts_for("da").t(f"receipt.{key}") in told
    assert html.main.select_one("a[href='mailto:a@eksempel.dk']")


def test_a_page_for_nobody_in_particular():
    html = page(
        "message.html",
        solution_title="",
        user_name="",
        session=None,
        contact=Contact("", "", "", ""),
    )
    assert "/logout" not in html
    assert "tel:" not in html
    assert "<script" not in html


def data_attributes(html):
    return sorted(
        (tag.name, key, str(value))
        for tag in BeautifulSoup(html, "html.parser").select("*")
        for key, value in tag.attrs.items()
        if key.startswith("data-") or key == "id"
    )


def test_the_session_dialogue_is_the_one_the_script_knows():
    values = {
        "session": SESSION,
        "t": texts_for("da").t,
        "logout_url": "/logout",
        "csrf_token": "t",
        "static_url": lambda path: f"/static/{path}",
        "csp_nonce": "nonce-1",
    }
    ours, plains = (
        environment(theme, THEMES).get_template("_session.html").render(values)
        for theme in (THEME, PLAIN)
    )
    assert data_attributes(ours) == data_attributes(plains)
    assert data_attributes(ours), "negative control: there is something to compare"
