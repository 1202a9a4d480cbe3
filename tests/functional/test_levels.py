"""More is asked of a login where more is at stake, and what is written is not lost by it."""

from __future__ import annotations

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from selvbetjening_core.interfaces import IIdentity

STEPS = "/sundhedskort/trin"
SUMMARY = "/sundhedskort/opsummering"


@pytest.fixture
def demanding(own_solution):
    """Make the health card demand more; what the keys are is said by each test."""

    def write(head="", card=""):
        text = own_solution.read_text("utf-8")
        text = text.replace('level     = "substantial"', f'level     = "substantial"\n{head}')
        text = text.replace("[step.card]\n", f"[step.card]\n{card}\n")
        own_solution.write_text(text, "utf-8")

    return write


def log_in_again(browser, level, person="kirsten"):
    """Press the button of the page that asks for it; the level that the provider is asked for."""
    away = browser.main_form().submit(status=303).location
    asked = parse_qs(urlsplit(away).query)
    browser.at_login(away, person=person, level=level)
    return asked


def heading(browser):
    return browser.page.html.h1.get_text()


def test_a_step_takes_more_than_its_solution(demanding, make_town):
    demanding(card='level = "high"')
    browser = make_town().browser()
    browser.log_in("kirsten")
    page = browser.submit(holder="self")
    cookies, token = dict(browser.app.cookies), page.forms[1]["csrf_token"].value
    browser.submit(403, cause="damaged")
    assert heading(browser) == "Log ind på en sikrere måde"
    assert "Dine svar er gemt" in browser.page
    log_in_again(browser, "high")
    assert browser.page.request.path == f"{STEPS}/card"
    assert dict(browser.app.cookies) != cookies
    assert browser.main_form()["csrf_token"].value != token
    browser.submit(card_age="under_4_years")
    assert browser.get(f"{STEPS}/reason").html.find("input", value="damaged").has_attr("checked")


def test_who_logs_in_no_surer_than_before_gets_no_further(demanding, make_town):
    demanding(card='level = "high"')
    browser = make_town().browser()
    browser.log_in("kirsten")
    browser.submit(holder="self")
    browser.submit(403, cause="damaged")
    away = browser.main_form().submit(status=303).location
    browser.at_login(away, 403, person="kirsten", level="substantial")
    assert heading(browser) == "Log ind på en sikrere måde"


def test_all_answers_at_once_take_what_the_surest_of_them_takes(demanding, make_town):
    demanding(card='level = "high"')
    browser = make_town().browser()
    browser.log_in("kirsten", level="high")
    browser.answer(cause="damaged", card_age="under_4_years")
    assert browser.page.request.path == SUMMARY
    other = browser.town.browser()
    other.get("/sundhedskort")
    away = other.main_form().submit(status=303)
    other.at_login(away.location, 403, person="kirsten", level="substantial")
    assert other.page.request.path == SUMMARY
    assert "under 4 år" not in other.page.text.lower()


def test_sending_takes_more(demanding, make_town):
    demanding('send_level = "high"')
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="moved")
    assert heading(browser) == "Tjek dine svar"
    browser.submit(403)
    assert heading(browser) == "Log ind på en sikrere måde"
    log_in_again(browser, "high")
    assert heading(browser) == "Tjek dine svar"
    browser.submit()
    assert heading(browser) == "Kvittering"
    assert "Sikringsniveau Høj" in browser.page


def test_sending_takes_a_login_of_late(demanding, make_town):
    demanding("login_minutes = 3")
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="moved")
    town.clock.ahead = datetime.timedelta(minutes=4)
    browser.get(SUMMARY)
    browser.submit(403)
    assert heading(browser) == "Log ind igen, før du sender"
    log_in_again(browser, "substantial")
    assert heading(browser) == "Tjek dine svar"
    browser.submit()
    assert heading(browser) == "Kvittering"


def test_the_provider_is_to_ask_again_then_and_only_then(demanding, make_town, monkeypatch):
    demanding("login_minutes = 3")
    town = make_town()
    component = town.application.composition.municipalities["0773"].named(IIdentity, "login")
    begin, asked = component.begin, []
    monkeypatch.setattr(component, "begin", lambda one: asked.append(one) or begin(one))
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="moved")
    town.clock.ahead = datetime.timedelta(minutes=4)
    browser.get(SUMMARY)
    browser.submit(403)
    log_in_again(browser, "substantial")
    assert [(one.level.name, one.is_fresh) for one in asked] == [
        ("SUBSTANTIAL", False),
        ("SUBSTANTIAL", True),
    ]


def test_a_login_of_late_needs_no_other(demanding, make_town):
    demanding("login_minutes = 10")
    browser = make_town().browser()
    browser.log_in("kirsten")
    browser.answer(cause="moved")
    browser.submit()
    assert heading(browser) == "Kvittering"


@pytest.mark.parametrize("asked", ["low", "none", "HIGH ", ""])
def test_no_form_asks_for_less_than_the_solution(town, asked):
    browser = town.browser()
    browser.get("/sundhedskort")
    form = browser.main_form()
    token = form["csrf_token"].value
    away = browser.app.post(
        "/sundhedskort/start", {"csrf_token": token, "level": asked}, status=303
    ).location
    browser.at_login(away, 403, person="kirsten", level="low")
    assert heading(browser) == "Dit login er ikke sikkert nok"
