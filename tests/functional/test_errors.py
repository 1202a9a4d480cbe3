"""Pages for what goes wrong: status, language, words, the next step, in each theme."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest

from selvbetjening_core.testing.pages import Expected, PageKind, breaches
from selvbetjening_core.texts import LANGUAGES, texts_for
from selvbetjening_core.themes.plain import PLAIN, PlainTheme
from selvbetjening_core.themes.rendering import PageRenderer
from selvbetjening_core.web.last_resort import last_resort
from selvbetjening_core.web.views import errors, intro

THEME = re.compile(r"^\[theme\]\n(?:.+\n)*\n?", re.MULTILINE)
NAMES = {"0773": "Morsø Kommune", "0751": "Aarhus Kommune"}
SECRET = "a secret of the inside"
QUOTED = ("Test Berggren",)


def dress(installation, theme):
    """Put every municipality into the theme ``plain``, or leave it in its own."""
    for file in (installation / "municipalities").glob("*.toml"):
        text = file.read_text("utf-8")
        assert THEME.search(text), "the demo is dressed in the design system"
        if theme == "plain":
            file.write_text(THEME.sub("", text), "utf-8")


@pytest.fixture(params=["plain", pytest.param("dkfds", marks=pytest.mark.fetched)])
def theme(request):
    return request.param


@pytest.fixture
def dressed(installation, make_town, theme):
    dress(installation, theme)
    return make_town()


def token(browser):
    return browser.main_form()["csrf_token"].value


@contextlib.contextmanager
def no_tables(town):
    other = sqlite3.connect(town.folder / "var" / "selvbetjening.sqlite", isolation_level=None)
    other.execute("ALTER TABLE web_session RENAME TO aside")
    try:
        yield
    finally:
        other.execute("ALTER TABLE aside RENAME TO web_session")
        other.close()


@dataclass(frozen=True)
class Scene:
    """Where an error is to happen, and in which language."""

    town: Any
    monkeypatch: pytest.MonkeyPatch
    prefix: str = ""


def bad_request(scene):
    return scene.town.browser().app.get(f"{scene.prefix}/sundhedskort?x=%ff", status=400)


def forbidden(scene):
    return scene.town.browser().app.get(f"{scene.prefix}/sundhedskort/trin/person", status=403)


def not_found(scene):
    return scene.town.browser().app.get(f"{scene.prefix}/findes/slet/ikke", status=404)


def conflict(scene):
    browser = scene.town.browser()
    browser.log_in("kirsten")
    fields = {"csrf_token": token(browser), "cancel_old_card": "true"}
    return browser.app.post(f"{scene.prefix}/sundhedskort/trin/consent", fields, status=409)


def gone(scene):
    browser = scene.town.browser()
    browser.log_in("kirsten")
    fields = {"csrf_token": token(browser), "draft": "deleted"}
    return browser.app.post(f"{scene.prefix}/sundhedskort/opsummering", fields, status=410)


def too_large(scene):
    fields = {"a": "x" * 300_000}
    return scene.town.browser().app.post(f"{scene.prefix}/sundhedskort/start", fields, status=413)


def server_error(scene):
    def broken(*_):
        raise RuntimeError(SECRET)

    scene.monkeypatch.setattr(intro, "_prices", broken)
    page = scene.town.browser().app.get(f"{scene.prefix}/sundhedskort", status=500)
    scene.monkeypatch.undo()
    return page


def unavailable(scene):
    browser = scene.town.browser()
    browser.log_in("kirsten")
    with no_tables(scene.town):
        return browser.app.get(f"{scene.prefix}/sundhedskort", status=503)


PAGES = {
    bad_request: (400, "bad_request"),
    forbidden: (403, "forbidden"),
    not_found: (404, "not_found"),
    conflict: (409, "missing_step"),
    gone: (410, "draft_gone"),
    too_large: (413, "too_large"),
    server_error: (500, "server_error"),
    unavailable: (503, "unavailable"),
}


def language_links(page):
    return {one["hreflang"]: one["href"] for one in page.html.find_all("a", hreflang=True)}


def wrong(page, locale, theme):
    expected = Expected(locale=locale, quoted=QUOTED, design_system=theme == "dkfds")
    return [str(one) for one in breaches(page.text, PageKind.MESSAGE, expected)]


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("reach", PAGES, ids=lambda reach: reach.__name__)
def test_each_error_has_its_page(dressed, monkeypatch, theme, reach, locale):
    page = reach(Scene(dressed, monkeypatch, "" if locale == "da" else "/en"))
    status, name = PAGES[reach]
    assert page.status_int == status
    assert page.html.html["lang"] == locale
    notice = texts_for(locale).notice(name)
    assert page.html.h1.get_text(strip=True) == notice.heading
    for paragraph in notice.paragraphs:
        assert paragraph in page.html.main.get_text()
    assert "Morsø Kommune" in page.html.header.get_text()
    assert "Morsø Kommune" in page.html.footer.get_text()
    assert "12 34 56 78" in page.html.footer.get_text()
    assert wrong(page, locale, theme) == []
    actions = [one["href"] for one in page.html.main.find_all("a")]
    assert actions
    browser = dressed.browser()
    for url in [*actions, *language_links(page).values()]:
        answer = browser.app.get(url, status="*")
        assert answer.status_int == (status if url not in actions and status == 403 else 200), url
        assert answer.html.html["lang"] == ("en" if url.startswith("/en") else "da")


def test_the_words_that_are_looked_for_are_found(dressed, monkeypatch, theme):
    """Negative control: what a server or a library would have said."""
    page = not_found(Scene(dressed, monkeypatch))
    for planted in (
        "404 Not Found",
        "The resource could not be found.",
        "Traceback (most recent call last)",
    ):
        html = page.text.replace("<h1", f"<p>{planted}</p><h1", 1)
        expected = Expected(locale="da", design_system=theme == "dkfds")
        assert breaches(html, PageKind.MESSAGE, expected), planted


def test_a_missing_page_leads_to_where_one_can_go_on(dressed):
    browser = dressed.browser()
    for path, danish in [
        ("/findes/slet/ikke", "/"),
        ("/en/findes/slet/ikke", "/"),
        ("/ingenting", "/"),
        ("/-/static/gone.css", "/"),
        ("/sundhedskort/nowhere/at/all", "/"),
        ("/sundhedskort/trin", "/"),
    ]:
        page = browser.app.get(path, status=404)
        assert language_links(page) == {"da": danish, "en": f"/en{danish}"}, path
    browser.log_in("kirsten")
    page = browser.app.get("/sundhedskort/trin/nowhere", status=404)
    assert language_links(page) == {"da": "/sundhedskort", "en": "/en/sundhedskort"}


def test_a_page_that_is_not_missing_keeps_its_address(dressed, monkeypatch):
    """Control of the test above."""
    page = forbidden(Scene(dressed, monkeypatch))
    assert language_links(page)["en"] == "/en/sundhedskort/trin/person"


def test_what_failed_can_be_tried_again_where_that_repeats_nothing(town, monkeypatch):
    page = server_error(Scene(town, monkeypatch, "/en"))
    assert ways(page) == ["/en/sundhedskort", "/en/"]

    def broken(*_):
        raise RuntimeError(SECRET)

    browser = town.browser()
    browser.get("/sundhedskort")
    fields = {"csrf_token": token(browser)}
    monkeypatch.setattr(intro, "_prices", broken)
    monkeypatch.setattr(intro, "begin_login", broken)
    assert ways(browser.app.get("/sundhedskort?token=1", status=500)) == ["/"]
    assert ways(browser.app.post("/sundhedskort/start", fields, status=500)) == ["/"]


@pytest.mark.parametrize("number", ["2512484916", "251248-4916", "251248%2D4916", "2%3512484916"])
@pytest.mark.parametrize("begin", ["", "/en"])
def test_a_number_in_an_address_is_not_written_back(town, monkeypatch, number, begin):
    """Whoever wrote it there: no link repeats it, also where the page could be repeated."""
    browser = town.browser()
    pages = [browser.app.get(f"{begin}/sundhedskort/trin/{number}", status=403)]
    browser.log_in("kirsten")
    pages.append(browser.get(f"/sundhedskort/trin/reason?cpr={number}"))
    browser.answer()
    browser.accept()
    # A payment is under way: no step is shown.
    pages.append(browser.app.get(f"{begin}/sundhedskort/trin/{number}", status=409))

    def broken(*_):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(type(town.application.store), "transaction", broken)
    pages.append(browser.app.get(f"{begin}/-/payment/{number}", status=500))
    for page in pages:
        assert not re.search(r"251248-?4916", unquote(page.text))
    assert "/sundhedskort" in language_links(pages[0])["da"]


def ways(page):
    return [one["href"] for one in page.html.main.select("a.button")]


def test_a_code_for_support_is_in_the_log_and_on_the_page(dressed, monkeypatch, caplog):
    page = server_error(Scene(dressed, monkeypatch))
    (code,) = re.findall(r"[0-9a-f]{8}", page.html.main.get_text())
    assert code in caplog.text
    assert SECRET not in caplog.text + page.text


def withdraw(installation):
    """The municipality offers the health card no more."""
    file = installation / "municipalities" / "0773.toml"
    text = file.read_text("utf-8")
    shelf = installation / "own" / "trial"
    shelf.mkdir(parents=True)
    shipped = installation / "own" / "sundhedskort" / "solution.toml"
    (shelf / "solution.toml").write_text(shipped.read_text("utf-8"), "utf-8")
    file.write_text(text.replace("[solutions.sundhedskort]", "[solutions.trial]"), "utf-8")


@pytest.mark.usefixtures("own_solution")
def test_a_withdrawn_solution_is_gone(installation, make_town, theme):
    dress(installation, theme)
    before = make_town()
    browser = before.browser()
    browser.log_in("kirsten")
    browser.answer(cause="married")
    receipt = browser.submit().request.path
    other = before.browser("aarhus")
    withdraw(installation)
    town = make_town()
    for locale, prefix in (("da", ""), ("en", "/en")):
        for path in ("/sundhedskort", "/sundhedskort/trin/person"):
            page = _logged_in(town, browser).get(f"{prefix}{path}", status=410)
            assert texts_for(locale).notice("solution_gone").heading in page.text
            assert wrong(page, locale, theme) == []
            assert set(language_links(page).values()) == {"/", "/en/"}
    assert "Kvittering" in _logged_in(town, browser).get(receipt, status=200)
    # What never was here is missing; what is still offered elsewhere is there.
    town.browser().get("/flytning", status=404)
    other = town.browser("aarhus")
    other.get("/sundhedskort", status=200)
    other.get("/trial", status=404)


def _logged_in(town, browser):
    again = town.browser()
    for name, value in browser.app.cookies.items():
        again.app.set_cookie(name, value)
    return again.app


def test_a_withdrawn_solution_is_missing_while_the_counters_cannot_be_read(town, monkeypatch):
    """The page of a missing address needs no database."""

    def broken(*_):
        raise errors.StoreUnavailable("gone")

    with town.work() as work:
        monkeypatch.setattr(type(work.counts), "has_any", broken)
    town.browser().get("/flytning", status=404)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_an_answer_to_a_draft_that_is_no_more(dressed, locale):
    browser = dressed.browser()
    browser.log_in("kirsten")
    form = browser.main_form()
    form["holder"] = "self"
    database = dressed.folder / "var" / "selvbetjening.sqlite"
    with contextlib.closing(sqlite3.connect(database)) as other, other:
        other.execute("DELETE FROM draft")
    path = "" if locale == "da" else "/en"
    fields = {name: form[name].value for name in ("csrf_token", "draft", "version", "holder")}
    page = browser.app.post(f"{path}/sundhedskort/trin/person", fields, status=410)
    assert texts_for(locale).notice("draft_gone").heading in page
    assert page.html.main.find("a")["href"] == f"{path}/sundhedskort"
    # To look at the step is no answer to anything: nothing is known to be gone.
    browser.app.get(f"{path}/sundhedskort/trin/person", status=409)


@pytest.mark.parametrize(("person", "heading"), [("bo", "too_young"), ("kirsten", "nobody")])
def test_whoever_can_choose_nobody_gets_a_page_of_their_own(
    own_solution, installation, make_town, theme, person, heading
):
    dress(installation, theme)
    if person == "kirsten":
        text = own_solution.read_text("utf-8").replace("self_from_age     = 15", "")
        text = text.replace('"custody_same_address"', '"self"')
        text = text.replace("child_below_age   = 18", "")
        own_solution.write_text(text, "utf-8")
    town = make_town()
    browser = town.browser()
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status=303)
    if person == "kirsten":
        page = browser.at_login(away.location, person=person, level="substantial")
        assert "Kirsten" in page, "control: whoever can choose gets the question"
        return
    page = browser.at_login(away.location, status=403, person=person, level="substantial")
    notice = texts_for("da").notice(heading, age=15)
    assert page.html.h1.get_text(strip=True) == notice.heading
    assert "Man skal være fyldt 15 år" in page
    assert page.html.main.find("form") is None
    assert page.html.main.find("a")["href"] == "/"
    assert [str(one) for one in breaches(page.text, PageKind.MESSAGE)] == []


@pytest.mark.parametrize(
    ("name", "template"),
    [("layout.html", "{{ nothing.here }}"), ("message.html", "{% if %}")],
)
def test_a_theme_that_breaks_leaves_the_citizen_with_a_page_in_plain(
    town, tmp_path, caplog, name, template
):
    (tmp_path / name).write_text(template, "utf-8")
    broken = PlainTheme(name="broken", templates=tmp_path, extends="plain")
    looks = town.app.registry.looks
    looks._renderers["0773"] = PageRenderer(broken, {"plain": PLAIN})
    browser = town.browser()
    for path, locale in (("/ingenting", "da"), ("/en/findes/ikke", "en")):
        page = browser.app.get(path, status=500)
        assert texts_for(locale).notice("server_error").heading in page.text
        assert "Morsø Kommune" in page.html.footer.get_text()
        assert wrong(page, locale, "plain") == []
        (code,) = re.findall(r"[0-9a-f]{8}", page.html.main.get_text())
        assert code in caplog.text
        browser.app.get(page.html.find("link", rel="stylesheet")["href"], status=200)
    # Control: it is the theme that broke, and another municipality has its own.
    assert "Vi kan ikke finde siden" in town.browser("aarhus").app.get("/ingenting", status=404)


def test_where_no_page_can_be_made_there_is_the_last_resort(town, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(PageRenderer, "page", broken)
    page = town.browser().app.get("/ingenting", status=500)
    (code,) = set(re.findall(r"[0-9a-f]{8}", page.text))
    assert page.text == last_resort(code).text
    assert code in caplog.text
    assert "Content-Security-Policy" in page.headers


def test_the_page_of_last_resort_is_in_both_languages_and_says_nothing_of_the_inside():
    page = last_resort("1a2b3c4d").text
    assert breaches(page, PageKind.FRAGMENT, Expected(locale="da")) == []
    assert 'lang="en"' in page
