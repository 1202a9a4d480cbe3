"""Journeys without login: nobody is known, and a code opens the draft in another browser."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path

import pytest

from selvbetjening_core.web import policy, sessions
from selvbetjening_core.web.front import steps as front_steps

SOLUTIONS = Path(__file__).parents[1] / "guest_solutions"
PLACE, HOLE = "/vejhul/trin/place", "/vejhul/trin/hole"
SAVED, RESUME, SUMMARY = "/vejhul/gemt", "/vejhul/fortsaet", "/vejhul/opsummering"
ROAD = "Nørregade ved nummer 7"
DAY = datetime.timedelta(days=1)
DRAFT_DAYS = 14
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")
UNKNOWN = "Koden åbner ikke noget her"
AUDITED = ("resume-code-given", "draft-resumed", "resume-refused")


def add_solution(installation, price=""):
    """Let both municipalities of the demo offer the report of a hole in the road."""
    shutil.copytree(SOLUTIONS, installation / "own")
    file = installation / "own" / "vejhul" / "solution.toml"
    file.write_text(file.read_text("utf-8") + price, "utf-8")
    config = installation / "selvbetjening.toml"
    text = config.read_text("utf-8")
    shipped = '"package:selvbetjening_solutions"'
    assert shipped in text
    config.write_text(text.replace(shipped, f'{shipped}, "own"'), "utf-8")
    for path in (installation / "municipalities").glob("*.toml"):
        path.write_text(path.read_text("utf-8") + "\n[solutions.vejhul]\n", "utf-8")


@pytest.fixture
def town(installation, make_town):
    add_solution(installation)
    return make_town()


@pytest.fixture
def begun(town):
    """A guest at the first question."""
    return begin(town)


@pytest.fixture
def half(begun):
    """A guest who has answered the first question."""
    begun.submit(road=ROAD)
    return begun


def begin(town, name="mors"):
    browser = town.browser(name)
    browser.get("/vejhul")
    browser.submit()
    assert browser.page.request.path == PLACE
    return browser


def leave(browser):
    """Press »Gem og fortsæt senere«; the code that is shown."""
    form = browser.main_form()
    page = form.submit("_leave", status=200)
    browser.page = page
    return code_on(page)


def code_on(page):
    (code,) = {*CODE.findall(page.html.select_one("main strong").get_text())}
    return code


def enter(browser, code, status=200):
    browser.get(RESUME)
    return browser.submit(status=status, code=code)


def finish(browser):
    browser.get(HOLE)
    browser.submit(depth="deep")
    assert browser.page.request.path == SUMMARY
    return browser.submit()


def drafts(town, code="0773"):
    """All drafts, as rows."""
    with town.work(code) as work:
        connection = work.driver_connection
        rows = connection.execute(
            "select id, owner_index, state, resume_index from draft where solution = 'vejhul'"
        )
        return rows.fetchall()


def audited(town, code="0773"):
    with town.work(code) as work:
        rows = work.driver_connection.execute("select event, persons from audit order by at")
        return rows.fetchall()


def test_from_the_introduction_to_the_receipt_nobody_logs_in(town):
    browser = town.browser()
    page = browser.get("/vejhul")
    assert "Log ind" not in page.html.select_one("main").get_text()
    browser.submit()
    browser.submit(road=ROAD)
    browser.submit(depth="deep")
    assert "Ikke identificeret" in browser.page
    assert "Uden login" in browser.page
    page = browser.submit()
    assert page.request.path.startswith("/vejhul/kvittering/")
    for told in ("Ikke identificeret", "Uden login", ROAD, "kun i kort tid"):
        assert told in page, told
    status = browser.get(f"{page.request.path}/status")
    assert "Hvor langt er det?" in status
    document = browser.app.get(f"{page.request.path}/dokument")
    assert document.body[:5] in (b"%PDF-", b"<!doc")
    assert audited(town) == [("submitted", "")]


def test_the_case_says_that_nobody_was_identified(town, half):
    finish(half)
    town.application.engine.drain()
    (path,) = town.journal()
    assert json.loads(path.read_text("utf-8"))["case"]["parties"] == {
        "actor": None,
        "principal": None,
        "basis": "self",
        "level": "none",
        "channel": "self_service",
    }


def test_a_code_opens_the_draft_in_another_browser(town, half):
    code = leave(half)
    other = town.browser()
    page = enter(other, code)
    assert page.request.path == HOLE
    assert other.get(PLACE).html.find("input", {"name": "road"})["value"] == ROAD
    assert "/vejhul/kvittering/" in finish(other).request.path


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", " "), "  {}\n".format]
)
def test_a_code_is_read_as_people_write_it(town, half, change):
    assert enter(town.browser(), change(leave(half))).request.path == HOLE


def test_the_other_window_is_told_and_shows_nothing(town, half):
    half.get(HOLE)
    form = half.main_form()
    half.get(HOLE)
    code = leave(half)
    enter(town.browser(), code)
    form["depth"] = "deep"
    page = half.submit(form=form, status=409)
    assert "Dine svar er åbnet i en anden browser" in page
    for path in (PLACE, HOLE, SUMMARY, SAVED):
        assert ROAD not in half.get(path, status=409)


def test_what_was_sent_elsewhere_is_not_sent_again(town, half):
    half.submit(depth="deep")
    form = half.main_form()
    half.get(HOLE)
    code = leave(half)
    other = town.browser()
    enter(other, code)
    other.get(SUMMARY)
    other.submit()
    page = half.submit(form=form, status=409)
    assert "Dine svar er åbnet i en anden browser" in page
    assert town.counts() == (1, 1)


def test_a_new_code_replaces_the_old(town, half):
    first = leave(half)
    half.get(SAVED)
    page = half.submit()
    second = code_on(page)
    assert first != second
    assert UNKNOWN in enter(town.browser(), first, status=422)
    assert enter(town.browser(), second).request.path == HOLE


def test_a_code_is_used_until_the_draft_is_sent(town, half):
    code = leave(half)
    for _ in range(2):
        other = town.browser()
        assert enter(other, code).request.path == HOLE
    receipt = finish(other).request.path
    assert UNKNOWN in enter(town.browser(), code, status=422)
    assert UNKNOWN in enter(other, code, status=422)
    assert "Kvittering" in other.get(receipt)
    half.get(receipt, status=404)
    town.browser().get(receipt, status=403)


def test_a_code_opens_nothing_when_the_draft_is_too_old(town, half):
    code = leave(half)
    town.clock.ahead = DRAFT_DAYS * DAY - datetime.timedelta(minutes=1)
    assert enter(town.browser(), code).request.path == HOLE
    # Going on has not saved anything; resuming counts as a change.
    town.clock.ahead += DRAFT_DAYS * DAY + datetime.timedelta(minutes=1)
    assert UNKNOWN in enter(town.browser(), code, status=422)


def test_a_code_opens_nothing_in_another_municipality(town, half):
    code = leave(half)
    assert UNKNOWN in enter(town.browser("aarhus"), code, status=422)
    assert enter(town.browser(), code).request.path == HOLE


def test_a_code_opens_nothing_in_another_solution(installation, make_town):
    add_solution(installation)
    own = installation / "own"
    shutil.copytree(own / "vejhul", own / "gadelygte")
    for path in (installation / "municipalities").glob("*.toml"):
        path.write_text(path.read_text("utf-8") + "\n[solutions.gadelygte]\n", "utf-8")
    town = make_town()
    browser = begin(town)
    browser.submit(road=ROAD)
    code = leave(browser)
    other = town.browser()
    other.get("/gadelygte/fortsaet")
    assert UNKNOWN in other.submit(status=422, code=code)
    assert enter(town.browser(), code).request.path == HOLE


def test_refusals_cannot_be_told_apart(town, half):
    """Never made, replaced, sent and too old: the same answer, by the same statements."""
    replaced = leave(half)
    half.get(SAVED)
    sent = code_on(half.submit())
    finish(half)
    old = begin(town)
    old.submit(road=ROAD)
    too_old = leave(old)
    town.clock.ahead = (DRAFT_DAYS + 1) * DAY
    answers = set()
    for code in ("0000-0000-0000-0000", replaced, sent, too_old):
        browser = town.browser()
        page = enter(browser, code, status=422)
        text = page.html.select_one("main").get_text()
        (token,) = {one["value"] for one in page.html.find_all("input", {"name": "csrf_token"})}
        told = str(page.html.select_one("main")).replace(token, "").replace(code, "")
        answers.add((page.status_int, told))
        assert UNKNOWN in text
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "Skriv din kode"), ("ABC", "Tjek koden"), ("0000-0000-0000-000U", "Tjek koden")],
)
def test_what_can_be_no_code_is_told(town, typed, told):
    page = enter(town.browser(), typed, status=422)
    assert told in page
    assert page.html.title.get_text().startswith("Fejl: ")


def test_a_code_is_never_stored(town, half):
    code = leave(half)
    letters = code.replace("-", "")
    dump = "\n".join(
        line
        for file in (town.folder / "var").glob("*.sqlite*")
        for line in [file.read_bytes().decode("latin-1")]
    )
    assert "resume" in dump, "negative control: this is the store"
    for form in (code, letters, code.lower(), letters.lower()):
        assert form not in dump
    (row,) = drafts(town)
    assert re.fullmatch(r"[0-9a-f]{64}", row[3])


def test_guessing_is_limited(installation, make_town):
    add_solution(installation)
    file = installation / "municipalities" / "0773.toml"
    file.write_text(
        file.read_text("utf-8") + "\n[limits.resume_codes]\naddress = 0\nmunicipality = 3\n",
        "utf-8",
    )
    town = make_town()
    browser = begin(town)
    browser.submit(road=ROAD)
    code = leave(browser)
    guesser = town.browser()
    answers = [enter_anyhow(guesser, f"0000-0000-0000-000{number}") for number in range(5)]
    assert answers == [422, 422, 422, 429, 429]
    assert enter_anyhow(town.browser(), code) == 429, "not even the right one is tried"
    assert enter_anyhow(town.browser("aarhus"), code) == 422, "others are not held up"


def enter_anyhow(browser, code):
    browser.get(RESUME)
    form = browser.main_form()
    form["code"] = code
    return form.submit(status="*").status_int


def test_who_is_logged_in_is_not_known_in_a_report(town):
    """One browser, logged in elsewhere on the site: the report knows nothing of it."""
    browser = town.browser()
    browser.log_in("kirsten")
    browser.get("/vejhul")
    browser.submit()
    assert "Kirsten" not in browser.page
    browser.submit(road=ROAD)
    browser.submit(depth="deep")
    page = browser.submit()
    assert "Kirsten" not in page
    assert "Ikke identificeret" in page
    assert "Kirsten" in browser.get("/sundhedskort"), "and the login goes on"


def as_if_logged_in(browser):
    """The guest's token under the name of the cookie of those who are logged in."""
    (cookie,) = [one for one in browser.app.cookiejar if "guest" in one.name]
    browser.app.set_cookie(cookie.name.replace("guest-", ""), cookie.value)


def test_a_guest_gets_nowhere_where_one_logs_in(half):
    as_if_logged_in(half)
    for path in ("/sundhedskort/trin/person", "/sundhedskort/opsummering", "/sundhedskort/gemt"):
        half.get(path, status=403)
    half.get("/kvittering/whatever", status=403)


@pytest.mark.parametrize("walls", [("kind",), ("level",), ("kind", "level")])
def test_two_walls_keep_a_guest_out(half, monkeypatch, walls):
    """Negative control: only where both are gone does the guest get further."""
    if "kind" in walls:
        monkeypatch.setattr(sessions, "_of_this_kind", lambda _request, session: session)
    if "level" in walls:
        monkeypatch.setattr(policy, "is_sure_enough", lambda *_: True)
        monkeypatch.setattr(front_steps, "is_sure_enough", lambda *_: True)
    as_if_logged_in(half)
    is_out = walls != ("kind", "level")
    half.get("/sundhedskort/trin/person", status=403 if is_out else 409)


def test_a_login_is_nothing_where_nobody_logs_in(town):
    browser = town.browser()
    browser.log_in("kirsten")
    (cookie,) = [one for one in browser.app.cookiejar if one.name.endswith("-0773")]
    browser.app.set_cookie(cookie.name.replace("0773", "guest-0773"), cookie.value)
    browser.get(PLACE, status=403)


def test_no_code_where_one_logs_in(town):
    browser = town.browser()
    browser.get("/sundhedskort/fortsaet", status=404)
    browser.log_in("kirsten")
    browser.app.post(
        "/sundhedskort/gemt", {"csrf_token": browser.main_form()["csrf_token"].value}, status=404
    )


def test_what_was_under_way_keeps_its_own_code(town, half):
    code = leave(half)
    other = begin(town)
    other.submit(road="Søndergade 1")
    own = leave(other)
    page = other.get(RESUME)
    assert "Du er allerede i gang i denne browser" in page
    enter(other, code)
    assert other.get(PLACE).html.find("input", {"name": "road"})["value"] == ROAD
    enter(other, own)
    assert other.get(PLACE).html.find("input", {"name": "road"})["value"] == "Søndergade 1"


def test_a_receipt_stays_when_a_code_is_entered(town, half):
    receipt = finish(half).request.path
    other = begin(town)
    other.submit(road="Søndergade 1")
    enter(half, leave(other))
    assert ROAD in half.get(receipt)


def test_entering_a_code_gives_a_new_session(town, half):
    code = leave(half)
    other = begin(town)
    before = {one.name: one.value for one in other.app.cookiejar if "guest" in one.name}
    enter(other, code)
    after = {one.name: one.value for one in other.app.cookiejar if "guest" in one.name}
    assert before.keys() == after.keys()
    assert before != after
    stale = town.browser()
    for name, value in before.items():
        stale.app.set_cookie(name, value)
    stale.get(HOLE, status=403)


def test_leaving_ends_the_session(half):
    leave(half)
    form = next(one for one in half.forms() if one.action.endswith("/slut"))
    half.page = form.submit(status=200)
    assert "Du er færdig i denne browser" in half.page
    half.get(HOLE, status=403)


def test_a_session_ends_without_use(town, half):
    code = leave(half)
    town.clock.ahead = datetime.timedelta(minutes=31)
    half.get(HOLE, status=403)
    assert "Du har ingen svar åbne her" in half.page
    assert enter(half, code).request.path == HOLE


def test_staying_on_the_page_makes_it_last_longer(town, half):
    page = half.get(HOLE)
    dialog = page.html.find(id="session")
    assert "logger dig af" not in page.html.select_one("header").get_text()
    token = half.main_form()["csrf_token"].value
    town.clock.ahead = datetime.timedelta(minutes=20)
    told = half.app.post(dialog["data-prolong-url"], {"csrf_token": token}).json
    assert told["seconds"] in (1799, 1800)
    assert half.app.get(dialog["data-status-url"]).json["can_prolong"] is True
    town.clock.ahead = datetime.timedelta(minutes=60)
    page = half.get(dialog["data-ended-url"])
    assert "Vi har lukket dine svar" in page


def test_audit_tells_of_codes_and_of_nobody(town, half):
    code = leave(half)
    enter(town.browser(), "0000-0000-0000-0000", status=422)
    enter(town.browser(), code)
    lines = audited(town)
    assert [event for event, _ in lines] == ["resume-code-given", "resume-refused", "draft-resumed"]
    assert {persons for _, persons in lines} == {""}


def test_it_is_in_english_too(town):
    browser = town.browser()
    browser.get("/en/vejhul")
    browser.submit()
    browser.submit(road=ROAD)
    assert "Write down your code" in leave_page(browser)
    assert "Continue with a code" in browser.get("/en/vejhul/fortsaet")


def leave_page(browser):
    return browser.main_form().submit("_leave", status=200)


def test_nobody_is_told_of_registers_and_rights(half):
    half.submit(depth="deep")
    for told in ("registret", "egne vegne"):
        assert told not in half.page
    receipt = half.submit()
    assert "egne vegne" not in receipt


@pytest.mark.parametrize("theme", ["plain", "dkfds"])
def test_the_front_answers_as_the_router_does(installation, make_town, monkeypatch, theme):
    add_solution(installation)
    if theme == "plain":
        for path in (installation / "municipalities").glob("*.toml"):
            text = path.read_text("utf-8")
            own = re.sub(r"\[theme\]\n(?:.+\n)+", '[theme]\nname = "plain"\n', text)
            path.write_text(own, "utf-8")
    town = make_town()
    by_front = []
    real = front_steps.Steps.answer

    def seen(self, environ):
        found = real(self, environ)
        by_front.append(found is not None)
        return found

    monkeypatch.setattr(front_steps.Steps, "answer", seen)
    browser = begin(town)
    browser.submit(road=ROAD)
    by_front.clear()
    shown = browser.app.get(PLACE)
    assert by_front == [True]
    town.app.registry.front = None
    assert without_nonce(browser.app.get(PLACE)) == without_nonce(shown)
    assert by_front == [True]
    assert "Log af" not in shown


def without_nonce(page):
    (nonce,) = {*re.findall(r"'nonce-([^']+)'", page.headers["Content-Security-Policy"])}
    return page.text.replace(nonce, "")


PRICE = (
    '\n[[price]]\nvalid_from = 2024-01-01\namount = "50.00"\ntext.da = "Gebyr"\ntext.en = "Fee"\n'
)


@pytest.fixture
def paying(installation, make_town):
    """A guest who has been sent on to pay, and what to pay at."""
    add_solution(installation, PRICE)
    town = make_town()
    browser = begin(town)
    browser.submit(road=ROAD)
    code = leave(browser)
    browser.get(HOLE)
    browser.submit(depth="deep")
    return town, browser, code, browser.accept()


def test_a_guest_pays_and_has_a_receipt(paying):
    town, browser, _, away = paying
    page = browser.get(browser.pay(away))
    assert page.request.path.startswith("/vejhul/kvittering/")
    assert "Ikke identificeret" in page
    assert town.counts() == (1, 1)


def test_one_who_gives_up_paying_goes_on(paying):
    _, browser, _, away = paying
    page = browser.get(browser.pay(away, "cancel"))
    assert "Der er ikke trukket penge" in page


def test_back_from_paying_in_a_browser_that_lost_the_session(paying):
    town, browser, code, away = paying
    back = browser.pay(away)
    stranger = town.browser()
    page = stranger.get(back)
    assert "Du skal ikke betale igen" in page
    assert ROAD not in page
    assert town.counts() == (1, 1), "what was paid is sent"
    assert UNKNOWN in enter(stranger, code, status=422), "and the code opens nothing any more"


def test_a_draft_that_is_being_paid_for_can_be_opened_elsewhere(paying):
    town, browser, code, away = paying
    other = town.browser()
    page = enter(other, code)
    assert page.request.path == "/vejhul/betaling"
    back = browser.pay(away)
    assert "/vejhul/kvittering/" in other.get(back).request.path
    page = browser.get(back)
    assert "Du skal ikke betale igen" in page
    assert ROAD not in page
