"""Journeys without login, attacked: two at once, a draft that moves meanwhile, other addresses."""

from __future__ import annotations

import email
import email.policy
import logging
import re
import shutil
import threading
from urllib.parse import urlsplit

import pytest
from tests.functional.test_without_login import (
    DAY,
    DRAFT_DAYS,
    HOLE,
    PLACE,
    PRICE,
    RESUME,
    ROAD,
    SUMMARY,
    add_solution,
    begin,
    drafts,
    enter,
    finish,
    leave,
)

from selvbetjening_core.errors import Conflict
from selvbetjening_core.journey.uploads import remove_file
from selvbetjening_core.values import Guest, GuestId
from selvbetjening_core.web.views import resume as resume_view
from selvbetjening_core.web.views import steps, summary

MOVED = "Dine svar er åbnet i en anden browser"
UNKNOWN_TOKEN = "A" * 43


@pytest.fixture
def town(installation, make_town):
    add_solution(installation)
    return make_town()


@pytest.fixture
def half(town):
    """A guest who has answered the first question."""
    browser = begin(town)
    browser.submit(road=ROAD)
    return browser


def entering(town, code):
    """A browser in which the code is typed, and its form."""
    browser = town.browser()
    browser.get(RESUME)
    form = browser.main_form()
    form["code"] = code
    return browser, form


def test_of_two_who_enter_a_code_at_once_one_has_it_and_nobody_an_empty_form(
    town, half, monkeypatch
):
    """The second enters it in the moment between the moving and the page of the first."""
    code = leave(half)
    second, form = entering(town, code)
    real, seconds = resume_view.resume, []

    def overtaken(*args):
        found = real(*args)
        if not seconds:
            seconds.append(True)
            second.page = form.submit(status=303)
        return found

    monkeypatch.setattr(resume_view, "resume", overtaken)
    first, form_of_first = entering(town, code)
    form_of_first.submit(status="*")
    assert seconds
    assert len(drafts(town)) == 1
    assert second.get(PLACE).html.find("input", {"name": "road"})["value"] == ROAD
    for path in (PLACE, HOLE, SUMMARY):
        assert ROAD not in first.get(path, status=409)


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request, installation, monkeypatch, make_town):
    """The site on each database."""
    add_solution(installation)
    if request.param == "postgresql":
        monkeypatch.setenv("SELVBETJENING_DATABASE", request.getfixturevalue("postgres_url"))
        file = installation / "selvbetjening.toml"
        text = file.read_text("utf-8")
        own = '"sqlite:///var/selvbetjening.sqlite"'
        assert own in text
        file.write_text(text.replace(own, '"env:SELVBETJENING_DATABASE"'), "utf-8")
    return make_town()


def test_many_enter_a_code_at_once(anywhere):
    half = begin(anywhere)
    half.submit(road=ROAD)
    code = leave(half)
    pairs = [entering(anywhere, code) for _ in range(6)]
    ready, answers = threading.Barrier(len(pairs)), []

    def send(form):
        ready.wait()
        answers.append(form.submit(status="*").status_int)

    threads = [threading.Thread(target=send, args=(form,)) for _, form in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * len(pairs)
    assert len(drafts(anywhere)) == 1
    shown = [one for one, _ in pairs if one.app.get(HOLE, status="*").status_int == 200]
    assert len(shown) == 1


def meanwhile(monkeypatch, module, name, act):
    """Let ``act`` happen once, just before the view calls ``name``."""
    real, done = getattr(module, name), []

    def late(*args, **more):
        if not done:
            done.append(True)
            act()
        return real(*args, **more)

    monkeypatch.setattr(module, name, late)
    return done


def test_what_was_moved_while_it_was_sent_is_not_sent_by_the_first(town, half, monkeypatch):
    code = leave(half)
    half.get(HOLE)
    half.submit(depth="deep")
    second, form = entering(town, code)

    def move():
        second.page = form.submit(status=303)

    done = meanwhile(monkeypatch, summary, "submit_free", move)
    page = half.submit(status=409)
    assert done
    assert MOVED in page
    assert town.counts() == (1, 0), "nothing was sent"
    second.get(SUMMARY)
    assert ROAD in second.submit()


def test_what_was_moved_and_sent_while_it_was_sent_gives_no_strange_receipt(
    town, half, monkeypatch
):
    code = leave(half)
    half.get(HOLE)
    half.submit(depth="deep")
    second, form = entering(town, code)

    def move_and_send():
        second.page = form.submit(status=303)
        second.get(SUMMARY)
        second.submit()

    meanwhile(monkeypatch, summary, "submit_free", move_and_send)
    assert MOVED in half.submit(status=409)
    assert town.counts() == (1, 1)


def test_an_answer_to_what_was_moved_meanwhile_is_told_so(town, half, monkeypatch):
    """Not that it was sent: nothing was."""
    code = leave(half)
    half.get(HOLE)
    _, form = entering(town, code)
    town.app.registry.front = None
    done = meanwhile(monkeypatch, steps, "save_answers", lambda: form.submit(status=303))
    page = half.submit(status=409, depth="deep")
    assert done
    assert MOVED in page
    assert "Du har allerede sendt" not in page


@pytest.mark.usefixtures("half")
def test_files_of_a_draft_that_was_moved_meanwhile_stay(town):
    """A slow upload, or a button of an old page, changes nothing in another browser."""
    (row,) = drafts(town)
    with town.work() as work:
        draft = work.drafts.get(row[0])
    context = town.application.journey("0773")
    remove_file(context, draft, "road", "nothing")
    with town.work() as work:
        assert work.drafts.hand_over(draft.id, Guest(GuestId("elsewhere")))
    with pytest.raises(Conflict, match="draft_elsewhere"):
        remove_file(context, draft, "road", "nothing")


@pytest.mark.parametrize("path", ["/vejhul", RESUME, "/sundhedskort"])
def test_one_whose_browser_keeps_no_cookies_is_told_so(town, path):
    """Not that nothing is open here, which leads back to the same form for ever."""
    browser = town.browser()
    browser.get(path)
    form = browser.main_form()
    browser.app.reset()
    page = form.submit(status=403)
    assert "Siden er for gammel" in page
    assert "tillad cookies" in page


def test_the_second_click_on_a_code_is_told_what_happened(town, half):
    """The first click has given the browser a new session, whose cookie may be lost."""
    code = leave(half)
    other = begin(town)
    other.get(RESUME)
    form = other.main_form()
    form["code"] = code
    before = list(other.app.cookiejar)
    form.submit(status=303)
    other.app.reset()
    for cookie in before:
        other.app.set_cookie(cookie.name, cookie.value)
    page = form.submit(status=403)
    assert "brugt en kode" in page
    assert ("Fortsæt med en kode", RESUME) in actions_of(page)
    assert ROAD in finish(enter_in(town.browser(), code))


def enter_in(browser, code):
    enter(browser, code)
    return browser


def test_a_session_that_the_server_never_made_is_not_taken_over(town):
    """Fixation: what somebody has put into the cookie opens nothing, and is replaced."""
    browser = town.browser()
    browser.app.set_cookie("selvbetjening-guest-0773", UNKNOWN_TOKEN)
    browser.get("/vejhul")
    browser.submit()
    (cookie,) = [one for one in browser.app.cookiejar if "guest" in one.name]
    assert cookie.value != UNKNOWN_TOKEN
    stale = town.browser()
    stale.app.set_cookie("selvbetjening-guest-0773", UNKNOWN_TOKEN)
    stale.get(PLACE, status=403)


def leave_now(browser):
    """Press »Slut nu« of the page; there may be one in the warning before time-out, too."""
    main = browser.page.html.select_one("main")
    (form,) = [one for one in main.find_all("form") if one["action"].endswith("/slut")]
    sent = {one["name"]: one["value"] for one in form.find_all("input")}
    browser.page = browser.app.post(form["action"], sent, status=200)
    assert "Du er færdig i denne browser" in browser.page


def test_the_next_one_at_the_computer_begins_without_seeing_the_answers(town, half):
    page = half.get("/vejhul")
    assert "Er det ikke dig, der er begyndt?" in page
    leave_now(half)
    page = half.get("/vejhul")
    assert "Er det ikke dig" not in page
    half.submit()
    assert half.page.request.path == PLACE
    assert ROAD not in half.page
    assert len(drafts(town)) == 2


def test_the_next_one_at_the_computer_gets_rid_of_the_receipt(half):
    receipt = finish(half).request.path
    half.get("/vejhul")
    page = half.submit()
    assert page.request.path == "/vejhul/sendt"
    assert "Er det ikke dig, der har sendt?" in page
    leave_now(half)
    half.get(receipt, status=403)


@pytest.mark.parametrize("path", ["/sundhedskort", "/sundhedskort/sendt"])
def test_one_who_is_logged_in_logs_off_as_ever(town, path):
    browser = town.browser()
    browser.log_in("kirsten")
    if path.endswith("sendt"):
        browser.answer()
        browser.get(browser.pay(browser.accept()))
    assert "Er det ikke dig" not in browser.get(path)


def actions_of(page):
    """What the page's buttons say, and where they lead."""
    buttons = page.html.select("main a.button")
    return [(one.get_text(), urlsplit(one["href"]).path) for one in buttons]


def test_a_browser_with_nothing_open_is_not_told_to_go_on(town, half):
    """The code first, then to begin anew: »Fortsæt« would have led to an empty form."""
    code = leave(half)
    ways = [("Fortsæt med en kode", RESUME), ("Start", "/vejhul")]
    assert actions_of(town.browser().get(HOLE, status=403)) == ways
    enter(town.browser(), code)
    moved = half.get(HOLE, status=409)
    assert actions_of(moved) == ways
    assert "åbnet i en anden browser" in moved
    assert "slettet" not in moved


@pytest.fixture
def two_solutions(installation, make_town):
    """A second solution without login, with the same questions."""
    add_solution(installation)
    own = installation / "own"
    shutil.copytree(own / "vejhul", own / "gadelygte")
    for path in (installation / "municipalities").glob("*.toml"):
        path.write_text(path.read_text("utf-8") + "\n[solutions.gadelygte]\n", "utf-8")
    return make_town()


def test_a_draft_is_sent_by_the_address_of_its_own_solution_alone(two_solutions):
    """What the other one asks for, such as its level, was not asked about this draft."""
    browser = begin(two_solutions)
    browser.submit(road=ROAD)
    browser.submit(depth="deep")
    form = browser.main_form()
    form.action = "/gadelygte/opsummering"
    form.submit(status=410)
    assert two_solutions.counts() == (1, 0)
    form.action = SUMMARY
    form.submit(status=303)
    assert two_solutions.counts() == (1, 1), "negative control: the form is in order"


def set_level(installation, level):
    """Change the solution's level; served when the site is built again."""
    file = installation / "own" / "vejhul" / "solution.toml"
    text = file.read_text("utf-8")
    assert 'level     = "' in text
    file.write_text(re.sub(r'level     = "\w+"', f'level     = "{level}"', text), "utf-8")


def moved_to(town, browser):
    """The same browser, with its cookies, at the site as it is built now."""
    now = town.browser()
    for cookie in browser.app.cookiejar:
        now.app.set_cookie(cookie.name, cookie.value)
    return now


def test_receipts_of_before_stay_where_the_solution_needs_no_login_any_more(
    installation, make_town
):
    add_solution(installation)
    set_level(installation, "low")
    before = make_town()
    browser = before.browser()
    browser.log_in("kirsten", "vejhul")
    browser.submit(road=ROAD)
    browser.submit(depth="deep")
    receipt = browser.submit().request.path
    assert receipt.startswith("/kvittering/")
    set_level(installation, "none")
    now = moved_to(make_town(), browser)
    page = now.get(receipt)
    links = [one["href"] for one in page.html.select("main a") if receipt in one["href"]]
    assert len(links) == 2
    for link in links:
        now.app.get(link, status=200)


def test_a_draft_of_a_guest_is_there_again_when_the_level_is_taken_back(installation, make_town):
    add_solution(installation)
    before = make_town()
    half = begin(before)
    half.submit(road=ROAD)
    code = leave(half)
    set_level(installation, "low")
    locked = make_town()
    stopped = moved_to(locked, half)
    for path in (PLACE, SUMMARY):
        assert ROAD not in stopped.get(path, status=403)
    stopped.get(RESUME, status=404)
    citizen = locked.browser()
    citizen.log_in("kirsten", "vejhul")
    assert ROAD not in citizen.get(PLACE)
    set_level(installation, "none")
    again = make_town()
    assert ROAD in finish(moved_to(again, half))
    assert ROAD not in again.browser().get(PLACE, status=403)
    assert code


@pytest.fixture
def paying(installation, make_town):
    """A guest who has been sent on to pay, and what to pay at."""
    add_solution(installation, PRICE)
    town = make_town()
    browser = begin(town)
    browser.submit(road=ROAD)
    browser.submit(depth="deep")
    return town, browser, browser.accept()


def test_one_who_pays_while_the_solution_gets_a_level_is_told_what_became_of_it(
    installation, make_town, paying
):
    _, browser, away = paying
    back = browser.pay(away)
    set_level(installation, "low")
    town = make_town()
    page = moved_to(town, browser).get(back)
    assert "Du skal ikke betale igen" in page
    assert ROAD not in page
    assert town.counts() == (1, 1)


def test_a_citizen_who_pays_while_the_solution_loses_its_level_gets_the_receipt(
    installation, make_town
):
    add_solution(installation, PRICE)
    set_level(installation, "low")
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten", "vejhul")
    browser.submit(road=ROAD)
    browser.submit(depth="deep")
    back = browser.pay(browser.accept())
    set_level(installation, "none")
    page = moved_to(make_town(), browser).get(back)
    assert page.request.path.startswith("/kvittering/")
    assert ROAD in page


def test_the_payment_of_a_citizen_is_nothing_at_the_address_of_guests(installation, make_town):
    add_solution(installation)
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    back = browser.pay(browser.accept())
    payment = back.partition("?")[0].rpartition("/")[2]
    town.browser().get(f"/vejhul/betaling/{payment}", status=404)
    assert "Kvittering" in browser.get(back), "negative control: that is its payment"


def test_what_guests_leave_behind_is_deleted_in_time(town, half):
    """The draft that has a code, and the one that nobody's browser can open any more."""
    code = leave(half)
    other = begin(town)
    other.submit(road="Søndergade 1")
    enter(other, code)
    assert len(drafts(town)) == 2
    town.clock.ahead = DAY * (DRAFT_DAYS - 1)
    town.application.upkeep.run_due()
    assert len(drafts(town)) == 2, "negative control: not before its time"
    town.clock.ahead = DAY * (DRAFT_DAYS + 1)
    town.application.upkeep.run_due()
    assert drafts(town) == []
    with town.work() as work:
        (count,) = work.driver_connection.execute("select count(*) from web_session").fetchone()
    assert count == 0


def test_no_log_and_no_address_has_the_code(town, half, caplog):
    caplog.set_level(logging.DEBUG)
    code = leave(half)
    for wrong in ("0123-4567-89AB-CDEF", "abc"):
        enter(town.browser(), wrong, status=422)
    page = enter(town.browser(), code)
    enter(town.browser(), code)
    for form in (code, code.replace("-", ""), "0123-4567-89AB-CDEF", "0123456789ABCDEF"):
        assert form not in caplog.text
        assert form not in page.request.url
        assert form not in page.html.title.get_text()
    with town.work() as work:
        lines = work.driver_connection.execute("select * from audit").fetchall()
    assert "draft-resumed" in str(lines), "negative control: this is the log"
    assert code not in str(lines)


def test_the_mail_to_staff_tells_nothing_of_a_guest(installation, make_town, eventually):
    add_solution(installation, '\n[[destination]]\nrole = "notification"\nafter = "case_system"\n')
    town = make_town()
    browser = begin(town)
    browser.submit(road=ROAD)
    code = leave(browser)
    browser.get(HOLE)
    browser.submit(depth="deep", reply="ukendt@example.org")
    receipt = browser.submit().request.path
    eventually(lambda: town.application.engine.drain() or town.mailbox.mails)
    (mail,) = town.mailbox.mails
    text = str(email.message_from_bytes(mail, policy=email.policy.default))
    assert "Meld et hul i vejen" in text, "negative control: it is about the report"
    for secret in (ROAD, "ukendt", code, receipt.rpartition("/")[2]):
        assert secret not in text
