"""A database in trouble, addresses that cannot be read, links of error pages."""

from __future__ import annotations

import http.client
import logging
import re
import sqlite3
import time
from contextlib import contextmanager

import pytest

from selvbetjening_core.store import sqlite as sqlite_module
from selvbetjening_core.store import store as store_module

FORGED = {"csrf_token": "forged"}
PAUSE = "Vi holder en kort pause"
LANGUAGE_LINK = re.compile(r'<li><a href="([^"]*)" lang="(\w\w)"')


@pytest.fixture
def impatient(monkeypatch):
    """Shorter waits, for the tests that do not measure them."""
    monkeypatch.setattr(sqlite_module, "_BUSY_SECONDS", 0.1)
    monkeypatch.setattr(store_module, "_TURN_SECONDS", 0.2)


def database(town):
    return town.folder / "var" / "selvbetjening.sqlite"


@contextmanager
def locked(town):
    """Another process holds the write lock."""
    other = sqlite3.connect(database(town), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def a_folder_in_its_place(town):
    file = database(town)
    aside = file.with_name("aside")
    file.rename(aside)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        aside.rename(file)


@contextmanager
def no_tables(town):
    other = sqlite3.connect(database(town), isolation_level=None)
    other.execute("ALTER TABLE web_session RENAME TO aside")
    try:
        yield
    finally:
        other.execute("ALTER TABLE aside RENAME TO web_session")
        other.close()


TROUBLES = pytest.mark.parametrize("trouble", [locked, a_folder_in_its_place, no_tables])


def language_links(page):
    return {code: url for url, code in LANGUAGE_LINK.findall(page.text)}


def raw(town, path, method="GET", cookie=""):
    """A request over real HTTP, exactly as written."""
    connection = http.client.HTTPConnection("127.0.0.1", town.port, timeout=15)
    try:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", f"mors.localhost:{town.port}")
        if cookie:
            connection.putheader("Cookie", cookie)
        connection.endheaders()
        response = connection.getresponse()
        return response, response.read().decode()
    finally:
        connection.close()


def cookie_of(browser):
    return "; ".join(f"{name}={value}" for name, value in browser.app.cookies.items())


def test_a_locked_database_is_told_within_six_seconds(town):
    browser = town.browser()
    browser.log_in("kirsten")
    cookie = cookie_of(browser)
    with locked(town):
        began = time.monotonic()
        response, text = raw(town, "/sundhedskort", cookie=cookie)
        took = time.monotonic() - began
    assert took < 6
    assert response.status == 503
    assert PAUSE in text
    assert "Morsø Kommune" in text
    assert response.getheader("Retry-After") == "30"
    assert "default-src 'none'" in response.getheader("Content-Security-Policy")
    assert response.getheader("Set-Cookie") is None
    response, text = raw(town, "/sundhedskort", cookie=cookie)
    assert response.status == 200
    assert "Kirsten" in text


@TROUBLES
@pytest.mark.usefixtures("impatient")
def test_every_page_says_it_in_the_citizens_language(town, trouble, caplog):
    browser = town.browser()
    browser.log_in("kirsten")
    # Whoever only reads does not wait for the one who writes.
    step = () if trouble is locked else ("/sundhedskort/trin/person",)
    with trouble(town):
        caplog.clear()
        for path in ("/sundhedskort", *step, "/nowhere/at/all"):
            assert PAUSE in browser.app.get(path, status=503)
            page = browser.app.get(f"/en{path}", status=503)
            assert "We are taking a short break" in page
            assert "Kirsten" not in page
    assert {record.levelname for record in caplog.records} == {"ERROR"}
    assert "the database cannot be used (SQLITE_" in caplog.text
    assert "Traceback" not in caplog.text
    assert "Kirsten" in browser.app.get("/sundhedskort", status=200)
    assert "Vi kan ikke finde siden" in browser.app.get("/nowhere/at/all", status=404)


@pytest.mark.usefixtures("impatient")
def test_whoever_reads_does_not_wait_for_the_one_who_writes(town):
    browser = town.browser()
    browser.log_in("kirsten")
    with locked(town):
        assert "Kirsten" in browser.app.get("/sundhedskort/trin/person", status=200)


@TROUBLES
@pytest.mark.usefixtures("impatient")
def test_what_was_sent_meanwhile_is_not_lost_silently(town, trouble):
    browser = town.browser()
    browser.log_in("kirsten")
    form = browser.main_form()
    form["holder"] = "self"
    with trouble(town):
        page = form.submit(status=503)
        assert "måske ikke nået frem" in page
    assert form.submit(status=303).location.endswith("/sundhedskort/trin/reason")


@pytest.mark.usefixtures("impatient")
def test_who_needs_no_database_is_served(town):
    """Control: without a session these pages ask the store nothing."""
    with a_folder_in_its_place(town):
        for path in ("/", "/sundhedskort", "/-/static/plain.css"):
            assert town.browser().app.get(path).status_int == 200


def test_an_error_page_that_fails_itself_is_answered_in_plain_words(town, monkeypatch, caplog):
    looks = town.app.registry.looks
    browser = town.browser()
    assert "Morsø Kommune" in browser.app.get("/nowhere/at/all", status=404)

    def fail(municipality):
        raise RuntimeError(f"secret-of-{municipality.code}")

    monkeypatch.setattr(looks, "renderer", fail)
    for path in ("/nowhere/at/all", "/sundhedskort", "/en/"):
        response, text = raw(town, path)
        assert response.status == 500
        assert "Der er sket en fejl hos os" in text
        assert "Something went wrong on our side" in text
        assert 'lang="da"' in text
        assert "waitress" not in text
        assert "Internal Server Error" not in text
        assert "default-src 'none'" in response.getheader("Content-Security-Policy")
    assert "a page about an error failed: RuntimeError" in caplog.text
    assert "secret-of-0773" not in caplog.text
    monkeypatch.undo()
    assert raw(town, "/")[0].status == 200


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/%ff", "Vi kan ikke finde siden"),
        ("/en/%ff", "We cannot find the page"),
        ("/%ff/en", "Vi kan ikke finde siden"),
        ("/-/static/%ff", "Vi kan ikke finde siden"),
        ("/sundhedskort/%c3", "Vi kan ikke finde siden"),
        ("/-/static/%00", "Vi kan ikke finde siden"),
        ("/%00", "Vi kan ikke finde siden"),
        ("/sundhedskort?x=%00", "Vi kan ikke finde siden"),
        ("/-/static/" + 300 * "a", "Vi kan ikke finde siden"),
        ("/-/static/" + 3000 * "a/", "Vi kan ikke finde siden"),
        ("/-/static/../plain.css", "Vi kan ikke finde siden"),
        ("/-/static/%2e%2e/templates/layout.html", "Vi kan ikke finde siden"),
    ],
)
def test_an_address_that_cannot_be_read_is_not_found(town, caplog, path, told):
    caplog.set_level(logging.INFO, logger="selvbetjening_core")
    response, text = raw(town, path)
    assert response.status == 404
    assert told in text
    assert "Morsø Kommune" in text
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_an_address_in_utf8_is_read(town):
    """Control: only what is not UTF-8 is replaced."""
    response, text = raw(town, "/s%C3%B8g")
    assert response.status == 404
    _, text = raw(town, "/s%C3%B8g?%ff")  # what is missing has no other languages
    assert 'href="/en/s%C3%B8g"' in text
    assert raw(town, "/-/static/plain.css")[0].status == 200


@pytest.mark.parametrize("path", ["/sundhedskort?x=%ff", "/-/messages/login?a=%ff", "/?%ff"])
def test_a_query_that_cannot_be_read(town, path, caplog):
    response, text = raw(town, path)
    assert response.status == 400
    assert "Vi kunne ikke læse det" in text
    assert "error" not in caplog.text
    assert raw(town, "/sundhedskort?x=%C3%B8")[0].status == 200


@pytest.mark.parametrize(
    ("path", "danish", "english"),
    [
        ("/en//evil.example/x", "/evil.example/x", "/en/evil.example/x"),
        ("//evil.example/x", "/evil.example/x", "/en/evil.example/x"),
        ("/en///evil.example", "/evil.example", "/en/evil.example"),
        ("/en/%5Cevil.example", "/%5Cevil.example", "/en/%5Cevil.example"),
        ("/a%3fb%23c%22", "/a%3Fb%23c%22", "/en/a%3Fb%23c%22"),
        ("/en/sundhedskort", "/sundhedskort", "/en/sundhedskort"),
        ("/en/", "/", "/en/"),
    ],
)
def test_language_links_stay_here_and_are_quoted(town, path, danish, english):
    response, text = raw(town, f"{path}?%ff")  # cannot be read, but is no missing page
    assert response.status == 400
    assert {code: url for url, code in LANGUAGE_LINK.findall(text)} == {
        "da": danish,
        "en": english,
    }


def test_language_links_of_an_answer_to_a_form_lead_to_a_page(town):
    browser = town.browser()
    browser.log_in("kirsten")
    begun = browser.main_form()
    step = begun.submit(status=200)
    assert "Du mangler at rette noget" in step
    pages = [
        (step, "/sundhedskort"),
        (browser.app.post("/sundhedskort/start", FORGED, status=403), "/sundhedskort"),
        (browser.app.post("/en/sundhedskort/start", FORGED, status=403), "/sundhedskort"),
        (browser.app.post("/sundhedskort/start", status=400), "/sundhedskort"),
        (browser.app.post("/nowhere/start", FORGED, status=403), "/"),
        (browser.app.post("/not/a/page", status=404), "/"),
    ]
    for page, danish in pages:
        assert language_links(page) == {"da": danish, "en": f"/en{danish}"}
        for url in language_links(page).values():
            assert browser.app.get(url).status_int == 200


def test_language_links_of_a_page_are_its_own_address(town):
    """Control of the test above."""
    browser = town.browser()
    browser.log_in("kirsten")
    assert language_links(browser.page) == {
        "da": "/sundhedskort/trin/person",
        "en": "/en/sundhedskort/trin/person",
    }
    goodbye = browser.log_out()
    assert language_links(goodbye) == {"da": "/-/logget-af", "en": "/en/-/logget-af"}
    assert "You are logged out" in browser.get("/en/-/logget-af")


def test_a_page_about_a_message_leads_home(town):
    page = town.browser().get("/-/messages/login?answer=forged", status=403)
    assert "Du blev ikke logget ind" in page
    assert language_links(page) == {"da": "/", "en": "/en/"}
