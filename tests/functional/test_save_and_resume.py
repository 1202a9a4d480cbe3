"""Two windows, the back button, reload, and leaving in the middle: no answer is lost unseen."""

from __future__ import annotations

import datetime

import pytest

from selvbetjening_core.forms.compiled import CompiledStep
from selvbetjening_core.texts.formats import DANISH_TIME, day
from selvbetjening_core.values import CprNumber
from selvbetjening_core.web.views import steps

REASON = "/sundhedskort/trin/reason"
SENDING = "/sundhedskort/trin/sending"
SAVED = "/sundhedskort/gemt"
LOST, DAMAGED = "Kortet er blevet væk eller stjålet", "Kortet er gået i stykker"
CAUSE, TAKE_SAVED = "Årsag", "Behold de gemte svar"
KIRSTEN = CprNumber("2911829996")
EMAIL = "kirsten@example.org"
DRAFT_DAYS = 30
"""What the solution says."""


@pytest.fixture
def begun(town):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.submit(holder="self")
    return browser


@pytest.fixture
def at_sending(begun):
    begun.submit(cause="lost")
    return begun


def stored(town):
    """The citizen's answers, as they are saved."""
    with town.work() as work:
        return work.drafts.unfinished(KIRSTEN, "sundhedskort").answers


def window(browser, path):
    """The form of a page that stays open, whatever the browser opens besides."""
    browser.get(path)
    return browser.main_form()


def told(page):
    """Of each question that two windows answered otherwise: label, the answer here, the saved."""
    box = page.html.select_one(".overtaken")
    if box is None:
        return []
    labels = [one.get_text(strip=True) for one in box.find_all("h3")]
    answers = [one.get_text(strip=True) for one in box.select("dd, td")]
    return list(zip(labels, answers[::2], answers[1::2], strict=True))


def checked(page, name):
    return [one["value"] for one in page.html.find_all("input", {"name": name, "checked": True})]


def save_in_two_windows(browser):
    """Two windows with the same page; the second one's answer to saving after the first."""
    first, second = window(browser, REASON), window(browser, REASON)
    browser.submit(form=first, cause="lost")
    assert browser.page.request.path == SENDING
    return browser.submit(form=second, cause="damaged")


def test_the_later_save_wins_only_after_saying_so(town, begun):
    page = save_in_two_windows(begun)
    assert told(page) == [(CAUSE, DAMAGED, LOST)]
    assert checked(page, "cause") == ["damaged"], "what was typed is there"
    assert "Svarene på denne side er ændret et andet sted" in page
    assert stored(town)["cause"] == "lost"
    page = begun.submit()
    assert stored(town)["cause"] == "damaged"
    assert page.request.path == "/sundhedskort/trin/card"


def test_a_save_that_says_nothing_is_noticed(town, begun, monkeypatch):
    """Negative control: the number is not looked at."""
    monkeypatch.setattr(steps, "is_overtaken", lambda *_: False)
    assert told(save_in_two_windows(begun)) == []
    assert stored(town)["cause"] == "damaged", "the first window's answer is lost unseen"


def test_the_other_answers_can_be_kept(town, begun):
    page = save_in_two_windows(begun)
    (link,) = [a["href"] for a in page.html.select("main a") if a.get_text() == TAKE_SAVED]
    page = begun.get(link)
    assert checked(page, "cause") == ["lost"]
    begun.submit()
    assert stored(town)["cause"] == "lost"


def press(browser, form, button):
    """Press a button that belongs to a field: nothing is saved by it."""
    fields = [*form.submit_fields(), ("do", button)]
    browser.page = browser.app.post(REASON, fields, status=200)


def test_a_button_of_the_page_does_not_hide_what_another_window_saved(town, begun):
    first, second = window(begun, REASON), window(begun, REASON)
    begun.submit(form=first, cause="lost")
    second["cause"] = "damaged"
    for _ in range(2):
        press(begun, second, "cause:anything")
        assert checked(begun.page, "cause") == ["damaged"]
        second = begun.main_form()
    page = begun.submit()
    assert told(page) == [(CAUSE, DAMAGED, LOST)]
    assert stored(town)["cause"] == "lost"
    begun.submit()
    assert stored(town)["cause"] == "damaged"


def test_a_button_alone_is_no_other_window(town, begun):
    form = window(begun, REASON)
    assert not begun.page.html.select("main form[data-unsaved]")
    press(begun, form, "cause:anything")
    # What is typed is not saved by it, and the warning before the end of a login says so.
    assert begun.page.html.select("main form[data-unsaved]")
    page = begun.submit(cause="damaged")
    assert told(page) == []
    assert stored(town)["cause"] == "damaged"


def test_a_form_component_of_before_the_buttons_keeps_what_was_typed(begun, monkeypatch):
    monkeypatch.delattr(CompiledStep, "press")
    form = window(begun, REASON)
    form["cause"] = "damaged"
    press(begun, form, "cause:anything")
    assert checked(begun.page, "cause") == ["damaged"]
    assert begun.page.html.select(".error-summary") == []


def test_a_third_window_is_told_of_as_well(town, begun):
    third = window(begun, REASON)
    page = save_in_two_windows(begun)
    form = begun.main_form()
    begun.submit(form=third, cause="moved")
    begun.submit()
    assert stored(town)["cause"] == "moved"
    begun.page = page
    page = begun.submit(form=form)
    assert told(page) == [(CAUSE, DAMAGED, "Adressen er ny")]
    assert stored(town)["cause"] == "moved"


def test_a_double_click_saves_once_and_goes_on(town, begun):
    form = window(begun, REASON)
    for _ in range(2):
        page = begun.submit(form=form, cause="lost")
        assert page.request.path == SENDING
    assert stored(town)["cause"] == "lost"


def test_windows_on_different_steps_do_not_disturb_each_other(town, at_sending):
    reason, sending = window(at_sending, REASON), window(at_sending, SENDING)
    at_sending.submit(form=sending, proof="yes", email=EMAIL)
    page = at_sending.submit(form=reason, cause="moved")
    assert told(page) == []
    reason, sending = window(at_sending, REASON), window(at_sending, SENDING)
    at_sending.submit(form=reason, cause="new_name")
    assert told(at_sending.submit(form=sending, proof="no", email="")) == []
    found = stored(town)
    assert (found["cause"], found["proof"], "email" in found) == ("new_name", False, False)


def test_going_back_and_answering_again(town, begun):
    """Browsers ask for the page anew, since they may not keep it."""
    page = begun.get(REASON)
    assert page.headers["Cache-Control"] == "no-store"
    begun.submit(cause="lost")
    begun.get(REASON)
    assert told(begun.submit(cause="moved")) == []
    assert stored(town)["cause"] == "moved"


def test_going_back_to_a_page_that_the_browser_kept_all_the_same(town, begun):
    kept = window(begun, REASON)
    begun.submit(form=kept, cause="lost")
    page = begun.submit(form=kept, cause="moved")
    assert told(page) == [(CAUSE, "Adressen er ny", LOST)]
    begun.submit()
    assert stored(town)["cause"] == "moved"


def test_reloading_an_answer_with_errors_sends_the_same_and_keeps_it(town, at_sending):
    form = window(at_sending, SENDING)
    pages = [at_sending.submit(form=form, proof="yes", email="nowhere") for _ in range(2)]
    for page in pages:
        assert page.html.select_one(".error-summary")
        assert page.html.find("input", {"name": "email"})["value"] == "nowhere"
    assert "proof" not in stored(town)
    at_sending.submit(email=EMAIL)
    assert stored(town)["email"] == EMAIL


def test_reloading_what_another_window_changed_saves_nothing(town, begun):
    first, second = window(begun, REASON), window(begun, REASON)
    begun.submit(form=first, cause="lost")
    for _ in range(3):
        assert told(begun.submit(form=second, cause="damaged")) == [(CAUSE, DAMAGED, LOST)]
    assert stored(town)["cause"] == "lost"


def test_only_what_differs_is_told_and_what_is_wrong_too(town, at_sending):
    first, second = window(at_sending, SENDING), window(at_sending, SENDING)
    at_sending.submit(form=first, proof="yes", email=EMAIL)
    page = at_sending.submit(form=second, proof="yes", email="nowhere")
    assert told(page) == [("Din e-mail", "Skal rettes, før det kan gemmes", EMAIL)]
    assert page.html.select_one(".error-summary")
    assert page.html.find("input", {"name": "email"})["value"] == "nowhere"
    at_sending.submit(email="")
    assert "email" not in stored(town)


def test_an_answer_that_is_taken_away_differs(at_sending):
    first, second = window(at_sending, SENDING), window(at_sending, SENDING)
    at_sending.submit(form=first, proof="yes", email=EMAIL)
    page = at_sending.submit(form=second, proof="yes", email="")
    assert told(page) == [("Din e-mail", "Ikke besvaret", EMAIL)]


def test_a_save_between_the_look_and_the_save_is_seen(town, begun, monkeypatch):
    other = window(begun, REASON)
    save, calls = steps.save_answers, []

    def late(*args, **kwargs):
        calls.append(1)
        if len(calls) == 1:
            other.set("cause", "moved")
            other.submit(status=303)
        return save(*args, **kwargs)

    mine = window(begun, REASON)
    monkeypatch.setattr(steps, "save_answers", late)
    monkeypatch.setattr(town.app.registry, "front", None, raising=False)
    page = begun.submit(form=mine, cause="lost")
    assert told(page) == [(CAUSE, LOST, "Adressen er ny")]
    assert stored(town)["cause"] == "moved"


def test_in_english(begun):
    path = f"/en{REASON}"
    first, second = window(begun, path), window(begun, path)
    begun.submit(form=first, cause="lost")
    page = begun.submit(form=second, cause="damaged")
    assert told(page) == [("Reason", "The card is damaged", "The card is lost or stolen")]


def test_a_form_without_the_number_is_taken_for_an_older_one(town, begun):
    form = window(begun, REASON)
    begun.submit(form=form, cause="lost")
    for number in ("", "-1", "1x", "\N{ARABIC-INDIC DIGIT ZERO}", "9" * 400):
        again = window(begun, REASON)
        again["_saved"] = number
        assert told(begun.submit(form=again, cause="damaged")), number
    assert stored(town)["cause"] == "lost"


def leave(browser, status=200, **fields):
    """Fill in the page, and press the button that saves and leaves."""
    form = browser.main_form()
    for name, value in fields.items():
        form[name] = value
    response = form.submit("_leave", status="*")
    browser.page = browser._follow(response)
    assert browser.page.status_int == status
    return browser.page


def test_leaving_saves_without_demanding_that_all_is_answered(town, at_sending):
    page = leave(at_sending, email=EMAIL)
    assert page.request.path == SAVED
    assert "Dine svar er gemt" in page
    found = stored(town)
    assert (found["email"], "proof" in found) == (EMAIL, False)
    page = at_sending.get("/sundhedskort/opsummering")
    assert page.request.path == SENDING, "what is missing is still asked for"


def test_leaving_says_until_when_and_how_to_come_back(town, at_sending):
    page = leave(at_sending, email=EMAIL)
    today = town.clock().astimezone(DANISH_TIME).date()
    last = today + datetime.timedelta(days=DRAFT_DAYS - 1)
    assert f"til og med den {day(last, 'da')}" in page
    assert f"http://{at_sending.host}/sundhedskort" in page
    english = at_sending.get(f"/en{SAVED}")
    assert f"until {day(last, 'en')}" in english
    assert f"http://{at_sending.host}/en/sundhedskort" in english
    (go_on,) = [a["href"] for a in page.html.select("main a") if a.get_text() == "Fortsæt nu"]
    assert go_on == SENDING


def test_what_was_left_is_there_in_another_browser_after_logging_off(town, at_sending):
    leave(at_sending, email=EMAIL)
    at_sending.log_out()
    at_sending.get(SENDING, status=403)
    other = town.browser()
    page = other.log_in("kirsten")
    assert page.request.path == SENDING
    assert page.html.find("input", {"name": "email"})["value"] == EMAIL


def test_what_cannot_be_saved_is_told_and_the_rest_is_saved(town, at_sending):
    page = leave(at_sending, proof="yes", email="nowhere")
    assert page.request.path == SENDING
    summary = page.html.select_one(".error-summary")
    assert "Resten af siden er gemt" in summary.get_text()
    assert [a["href"] for a in summary.select("li a")] == ["#field-email"]
    assert page.html.find("input", {"name": "email"})["value"] == "nowhere"
    found = stored(town)
    assert (found["proof"], "email" in found) == (True, False)
    (away,) = [a["href"] for a in summary.select("p a")]
    assert at_sending.get(away).request.path == SAVED


def test_what_could_not_be_saved_is_corrected_and_left(town, at_sending):
    leave(at_sending, email="nowhere")
    assert leave(at_sending, email=EMAIL).request.path == SAVED
    assert stored(town)["email"] == EMAIL


def test_leaving_an_empty_page_saves_nothing_and_tells_nothing_wrong(town, begun):
    page = leave(begun)
    assert page.request.path == SAVED
    assert "cause" not in stored(town)


def test_leaving_with_the_answers_of_an_older_page_says_so_first(town, begun):
    first, second = window(begun, REASON), window(begun, REASON)
    begun.submit(form=first, cause="lost")
    second["cause"] = "damaged"
    begun.page = begun._follow(second.submit("_leave"))
    assert told(begun.page) == [(CAUSE, DAMAGED, LOST)]
    assert leave(begun).request.path == SAVED
    assert stored(town)["cause"] == "damaged"


def test_nobody_is_told_of_a_draft_that_is_not_there(town):
    browser = town.browser()
    browser.get(SAVED, status=403)
    browser.log_in("kirsten")
    browser.answer(cause="married")
    browser.submit()
    assert "/kvittering/" in browser.get(SAVED).request.path
