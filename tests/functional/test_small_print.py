"""What every answer keeps to, and what no server of ours offers."""

from __future__ import annotations

import logging

import pytest

PAGES = ["/", "/sundhedskort", "/sundhedskort/trin/person", "/ingenting", "/-/session"]
FOLDERS = ["/-/", "/-/static", "/-/static/", "/-/static/dkfds/", "/-/static/dkfds/css/"]
ELSEWHERE = "https://elsewhere.example"


@pytest.fixture
def citizen(town):
    browser = town.browser()
    browser.log_in("karen")
    return browser


def test_text_says_its_character_set(citizen):
    for path in PAGES:
        answer = citizen.app.get(path, status="*")
        if answer.body:
            kind = answer.headers["Content-Type"].lower()
            assert kind.startswith("application/json") or "charset=utf-8" in kind, path


def test_no_other_site_may_read_an_answer(citizen):
    for path in PAGES:
        answer = citizen.app.get(path, headers={"Origin": ELSEWHERE}, status="*")
        assert shared(answer) == [], path
    asked = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "POST"}
    answer = citizen.app.options("/sundhedskort/trin/person", headers=asked, status="*")
    assert shared(answer) == []


def shared(answer):
    return [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("path", FOLDERS)
def test_no_folder_is_listed(town, path):
    answer = town.browser().app.get(path, status="*")
    assert answer.status_int == 404
    assert ".css" not in answer.html.find("main").text


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE"])
def test_methods_that_nobody_needs_are_refused(citizen, method):
    answer = citizen.app.request("/sundhedskort", method=method, status="*")
    assert answer.status_int in (403, 404, 405)
    assert "Cookie" not in answer.text


FORGED = "FORGED 2026-11-02 ERROR selvbetjening: nothing happened"


def forged_lines(records):
    """Lines of the log that a request wrote."""
    lines = (line for record in records for line in record.getMessage().splitlines())
    return [line for line in lines if line.startswith("FORGED")]


def test_nobody_writes_a_line_of_the_log(citizen, caplog):
    caplog.set_level(logging.DEBUG)
    sent = f"x\n{FORGED}\n"
    quoted = f"x%0A{FORGED.replace(' ', '%20')}%0D%0A"
    for path in (f"/{quoted}", f"/sundhedskort?lang={quoted}", f"/-/messages/0773/{quoted}"):
        citizen.app.get(path, status="*")
        citizen.app.post(path, {"csrf_token": sent, "holder": sent}, status="*")
    assert forged_lines(caplog.records) == []


def test_a_line_that_a_request_wrote_would_be_found(caplog):
    logging.getLogger("any").warning("not found: %s", f"/x\n{FORGED}")
    assert forged_lines(caplog.records) == [FORGED]
