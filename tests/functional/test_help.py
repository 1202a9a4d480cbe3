"""A citizen reads a code aloud; staff see the step and the error, and nothing else."""

from __future__ import annotations

import pytest
from tests.functional.test_staff import OPERATOR, log_in

from selvbetjening_core.journey.readable import ALPHABET

STEP = "/sundhedskort/trin/person"


def code_on(page):
    told = page.html.select_one("p.help-code")
    assert told.get_text(" ", strip=True).startswith(
        "Går du i stå? Ring til os på 12 34 56 78, og sig denne kode:"
    )
    return told.strong.get_text()


@pytest.fixture
def citizen(town):
    browser = town.browser()
    browser.log_in("kirsten")
    return browser


@pytest.fixture
def staff(town):
    browser = log_in(town, OPERATOR)
    browser.get("/-/drift/hjaelp")
    return browser


def ask(staff, code):
    form = next(one for one in staff.forms() if one.action.endswith("/hjaelp"))
    form["code"] = code
    staff.page = form.submit(status=200)
    return " ".join(staff.page.html.main.get_text(" ").split())


def test_the_step_is_told(citizen, staff):
    told = ask(staff, code_on(citizen.get(STEP)))
    assert "Løsning Bestil nyt sundhedskort Trin Hvem skal have kortet?" in told
    assert "Siden melder ingen fejl" in told


def test_the_error_is_told_and_nothing_of_the_citizen(citizen, staff):
    right = code_on(citizen.get(STEP))
    wrong = code_on(citizen.submit())
    assert right != wrong
    told = ask(staff, wrong)
    assert "Spørgsmål Kortet skal være til Fejl på siden Vælg, hvem kortet er til" in told
    for personal in ("Berggren", "Nancy"):
        assert personal not in staff.page


def test_the_same_page_has_the_same_code(citizen, town):
    other = town.browser()
    other.log_in("kirsten")
    assert code_on(citizen.get(STEP)) == code_on(other.get(STEP))


def test_in_english_it_is_the_same_page(citizen, staff):
    code = code_on(citizen.submit())
    english = citizen.get(f"{STEP}?sprog=en")
    assert english.html.select_one("p.help-code strong").get_text() != code
    assert "Fejl på siden Vælg, hvem" in ask(staff, code)


def test_a_letter_that_was_misheard(citizen, staff):
    code = code_on(citizen.get(STEP))
    wrong = next(one for one in ALPHABET if one != code[0]) + code[1:]
    told = ask(staff, wrong)
    assert "Bed borgeren om at læse den op igen" in told
    assert "Bestil nyt sundhedskort" not in told
    assert "Skriv borgerens kode" in ask(staff, "  ")


def test_it_is_for_staff(town, citizen):
    assert town.browser().app.get("/-/drift/hjaelp", status="*").status_int == 403
    assert citizen.app.get("/-/drift/hjaelp", status="*").status_int == 403


def test_the_overview_leads_there(staff):
    page = staff.get("/-/drift")
    assert page.html.find("a", href="/-/drift/hjaelp").get_text(strip=True) == "Hjælp en borger"
