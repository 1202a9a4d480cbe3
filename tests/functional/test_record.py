"""The record says what was so: who, how surely, and what the citizen saw."""

from __future__ import annotations

import dataclasses
import datetime
import threading

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.values import Address
from selvbetjening_core.web.views import steps
from selvbetjening_demo.register import DemoRegister

from .test_journey import child


def dds(page):
    return [one.get_text(" ", strip=True) for one in page.html.find_all(["td", "dd"])]


def test_the_level_is_that_of_the_login_that_sent_it(town):
    first = town.browser()
    first.log_in("kirsten", level="high")
    first.answer(cause="married")
    second = town.browser()
    second.log_in("kirsten", level="substantial")
    receipt = second.submit()
    assert "Betydelig" in receipt
    assert "sikringsniveau Høj" not in receipt


def with_household(monkeypatch, change):
    honest = DemoRegister.household
    monkeypatch.setattr(DemoRegister, "household", lambda self, cpr: change(honest(self, cpr)))


def test_a_register_that_is_down_takes_nothing_away(town, monkeypatch):
    first = town.browser()
    gitte = child(first.log_in("kirsten"), "Gitte")
    first.answer(holder=gitte, cause="married")

    def down(_):
        raise Unavailable("down")

    with_household(monkeypatch, down)
    summary = town.browser().log_in("kirsten")
    assert summary.request.path.endswith("/opsummering")
    assert "Gitte Nancy Test Berggren" in summary
    assert "/kvittering/" in first.submit().request.path


def test_other_children_than_before_are_asked_about_again(town, monkeypatch):
    first = town.browser()
    aya = child(first.log_in("kirsten"), "Aya")
    first.answer(holder=aya, cause="married")
    with_household(
        monkeypatch,
        lambda household: dataclasses.replace(household, children=household.children[1:]),
    )
    assert town.browser().log_in("kirsten").request.path.endswith("/trin/person")


def test_what_is_sent_is_what_was_seen(town, monkeypatch):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="married")
    form = browser.main_form()
    address = Address("elsewhere", ("Ny Vej 1", "9999 Andetsted"))
    with_household(
        monkeypatch,
        lambda household: dataclasses.replace(
            household, person=dataclasses.replace(household.person, address=address)
        ),
    )
    town.browser().log_in("kirsten")
    page = form.submit(status=409)
    assert "Siden er blevet ældre end din ansøgning" in page
    assert "Ny Vej 1" in browser.get("/sundhedskort/opsummering")


def test_an_option_that_is_gone_is_asked_about_again(make_town, own_solution):
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="married")
    text = own_solution.read_text("utf-8").replace('"married"', '"wed"')
    own_solution.write_text(text.replace("\nmarried.", "\nwed."), "utf-8")
    browser.app.app = make_town().app
    assert "Siden er blevet opdateret" in browser.get("/sundhedskort/opsummering", status=409)
    browser.get("/sundhedskort")
    page = browser.submit()
    assert page.request.path.endswith("/trin/reason")


def test_an_answer_that_is_too_long_now_is_asked_for_again(make_town, own_solution):
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="new_doctor", doctor="A" * 90)
    text = own_solution.read_text("utf-8").replace("max_length = 100", "max_length = 20")
    own_solution.write_text(text, "utf-8")
    other = make_town().browser()
    page = other.log_in("kirsten")
    assert page.request.path.endswith("/trin/doctor")
    # What still fits was kept.
    page = other.get("/sundhedskort/trin/reason")
    assert page.html.find("input", {"name": "cause", "value": "new_doctor", "checked": True})


def test_two_windows_lose_nothing_of_each_other(town, monkeypatch):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause="married")
    browser.get("/sundhedskort/trin/sending?ret")
    one = browser.main_form()
    one["proof"] = "yes"
    browser.get("/sundhedskort/trin/reason?ret")
    two = browser.main_form()
    two["cause"] = "moved"
    honest, both = steps.save_answers, threading.Barrier(2)

    def together(*arguments):
        both.wait(10)
        return honest(*arguments)

    monkeypatch.setattr(steps, "save_answers", together)
    windows = [threading.Thread(target=form.submit, kwargs={"status": 303}) for form in (one, two)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    shown = dds(browser.get("/sundhedskort/opsummering"))
    assert "Adressen er ny" in shown
    assert "Ja" in shown


def test_a_session_ends_after_a_working_day_however_busy(town):
    browser = town.browser()
    browser.log_in("kirsten")
    for minutes in range(25, 8 * 60, 25):
        town.clock.ahead = datetime.timedelta(minutes=minutes)
        browser.get("/sundhedskort/trin/person")
    town.clock.ahead = datetime.timedelta(hours=8, minutes=1)
    browser.get("/sundhedskort/trin/person", status=403)


def test_a_cancelled_login_speaks_the_citizens_language(town):
    browser = town.browser()
    browser.get("/en/sundhedskort")
    away = browser.main_form().submit(status=303)
    page = browser.at_login(away.location, cancel="1")
    assert page.html.html["lang"] == "en"
    assert page.html.main.find("a", href="/en/sundhedskort")


def test_nobody_who_began_no_login_keeps_the_provider_busy(town):
    town.provider.control(slow=30)
    begun = town.clock()
    town.browser().get("/-/messages/login?token=whatever", status=403)
    assert town.clock() - begun < datetime.timedelta(seconds=15)
    town.provider.control(slow=0)


def test_a_look_ahead_does_not_use_up_the_login(town):
    browser = town.browser()
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status=303)
    honest = browser.get
    browser.get = lambda path, _=200: browser.app.head(path, status="*")
    browser.at_login(away.location, person="kirsten", level="substantial")
    browser.get = honest
    assert browser.get(browser.login_return).request.path.endswith("/trin/person")
