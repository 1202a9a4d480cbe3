"""After whole journeys, no test person's CPR number is where it must not be."""

from __future__ import annotations

import base64
import hashlib
import logging
import tempfile

import pytest

from selvbetjening_demo.people import load_citizens

CITIZENS = load_citizens().all
NUMBERS = [citizen.person.cpr.reveal() for citizen in CITIZENS]


def forms_of(number):
    """How a CPR number might be written down."""
    yield number.encode()
    yield f"{number[:6]}-{number[6:]}".encode()
    yield base64.b64encode(number.encode()).rstrip(b"=")
    yield number.encode().hex().encode()
    yield hashlib.sha256(number.encode()).hexdigest().encode()
    yield hashlib.sha256(number.encode()).digest()


def found_in(data):
    return [number for number in NUMBERS if any(form in data for form in forms_of(number))]


def test_the_search_finds_what_it_looks_for():
    for form in forms_of(NUMBERS[0]):
        assert found_in(b"x" + form + b"y") == [NUMBERS[0]]


@pytest.fixture
def journeys(town, caplog):
    """A paid, a free and a failed journey, and one for a child; everything recorded."""
    caplog.set_level(logging.DEBUG)
    pages = []
    for name, person, cause in [
        ("mors", "kirsten", "lost"),
        ("aarhus", "ruddi", "married"),
        ("mors", "juliane", "lost"),
    ]:
        browser = town.browser(name)
        browser.log_in(person)
        browser.answer(cause=cause)
        if cause == "lost":
            browser.get(browser.pay(browser.accept()))
        else:
            browser.submit()
        pages.append(browser)
    broken = town.browser()
    broken.get("/-/messages/login?token=whatever", status=403)
    town.application.engine.drain()
    return pages


@pytest.mark.usefixtures("journeys")
def test_not_in_the_database(town):
    files = list((town.folder / "var").glob("selvbetjening.sqlite*"))
    assert len(files) >= 2
    for file in files:
        assert found_in(file.read_bytes()) == []


def test_not_in_logs_mails_cookies_addresses_and_file_names(town, journeys, caplog):
    assert found_in(caplog.text.encode()) == []
    for mail in town.mailbox.mails:
        assert found_in(mail) == []
        assert b"Kirsten" not in mail
    for browser in journeys:
        for name, value in browser.app.cookies.items():
            assert found_in(f"{name}={value}".encode()) == []
        assert found_in(browser.page.request.url.encode()) == []
    names = " ".join(str(path) for path in town.folder.rglob("*"))
    assert found_in(names.encode()) == []


@pytest.mark.usefixtures("journeys")
def test_the_journal_gets_it(town):
    """The negative control of the whole: where the number belongs, it is."""
    text = b"".join(file.read_bytes() for file in town.journal())
    assert NUMBERS[0] in found_in(text)


def test_a_long_answer_is_not_written_to_a_file(town, monkeypatch):
    """WebOb would spool a body of more than 10 KB to the temporary folder."""
    opened = []
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *args, **_: opened.append(args))
    browser = town.browser()
    browser.log_in("kirsten")
    form = browser.main_form()
    form.submit(status=200)
    path, fields = browser.page.request.path, {"csrf_token": form["csrf_token"].value}
    browser.app.post(path, {**fields, "filler": "x" * 50_000}, status=409)
    assert opened == []
