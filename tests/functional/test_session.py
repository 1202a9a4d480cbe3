"""The end of a login: told in time, prolonged by a citizen, said on a page of its own."""

from __future__ import annotations

import datetime

import pytest
import sqlalchemy as sa

from selvbetjening_core.journey.session_limits import USUAL_LIMITS
from selvbetjening_core.store.tables import web_session
from selvbetjening_core.texts.formats import DANISH_TIME

STATUS = "/-/login"
PROLONG = "/-/login/forlaeng"
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def begun(town):
    browser = town.browser()
    browser.log_in("kirsten")
    return browser


def stored_end(town):
    """When the only session ends, as stored."""
    with town.work() as work:
        (row,) = work.sessions._scope.rows(web_session)
    return row["expires_at"]


def dialog(page):
    return page.html.find("dialog")


def line_of(page):
    return page.html.find(attrs={"data-session-line": True})


def token(browser):
    return dialog(browser.page).find("input", {"name": "csrf_token"})["value"]


def pass_time(town, amount):
    town.clock.ahead += amount


def told(browser):
    return browser.app.get(STATUS, status=200).json


def test_a_page_tells_until_when_and_carries_the_dialogue(town, begun):
    line = line_of(begun.page).get_text()
    ends = stored_end(town)
    assert f"kl. {_clock(ends, '%H.%M')}" in line
    english = begun.get("/en/sundhedskort/trin/person")
    assert f"logged out at {_clock(ends, '%H:%M')}" in english
    shown = dialog(begun.page)
    assert shown["role"] == "alertdialog"
    assert 1790 <= int(shown["data-seconds"]) <= 1800
    assert shown["data-warn-seconds"] == "300"
    assert shown["data-can-prolong"] == "yes"
    scripts = [one["src"] for one in begun.page.html.find_all("script")]
    assert "/-/static/session.js" in [one.partition("?v=")[0] for one in scripts]


def _clock(moment, shape):
    return moment.astimezone(DANISH_TIME).strftime(shape)


def test_nobody_logged_in_is_told_nothing(town):
    page = town.browser().get("/sundhedskort")
    assert dialog(page) is None
    assert "session.js" not in page
    assert line_of(page) is None


def test_asking_does_not_prolong(town, begun):
    before = stored_end(town)
    for minutes in (5, 10, 10):
        pass_time(town, minutes * MINUTE)
        told(begun)
    left = told(begun)
    assert 0 < left["seconds"] <= 300
    assert left["can_prolong"] is True
    assert stored_end(town) == before
    pass_time(town, 5 * MINUTE)
    assert told(begun) == {"seconds": 0, "ends_at": "", "can_prolong": False}
    begun.get("/sundhedskort/trin/person", status=403)


def test_a_page_does_prolong(town, begun):
    """Control of the test above."""
    before = stored_end(town)
    pass_time(town, 5 * MINUTE)
    begun.get("/sundhedskort/trin/person")
    assert stored_end(town) - before >= 5 * MINUTE


def test_prolonging_lasts_another_half_hour_and_changes_nothing_else(town, begun):
    old_token = token(begun)
    before = _everything(town)
    pass_time(town, 26 * MINUTE)
    answer = begun.app.post(PROLONG, {"csrf_token": old_token}, status=200)
    assert answer.json["seconds"] >= 1790
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["ends_at"] == _clock(stored_end(town), "%H.%M")
    after = _everything(town)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"web_session"}
    strip = {"expires_at": None}
    assert [{**one, **strip} for one in before["web_session"]] == [
        {**one, **strip} for one in after["web_session"]
    ]
    pass_time(town, 26 * MINUTE)
    begun.get("/sundhedskort/trin/person")


def _everything(town):
    engine = sa.create_engine(f"sqlite:///{town.folder}/var/selvbetjening.sqlite")
    with engine.connect() as connection:
        names = sa.inspect(engine).get_table_names()
        rows = {
            name: [
                dict(row)
                for row in connection.execute(sa.text(f"select * from {name}")).mappings()  # noqa: S608
            ]
            for name in names
        }
    engine.dispose()
    return rows


def test_activity_in_one_window_prolongs_the_other(town, begun):
    """Two windows of one browser: the second learns by asking."""
    pass_time(town, 26 * MINUTE)
    assert told(begun)["seconds"] <= 300
    begun.get("/sundhedskort/trin/person")
    assert told(begun)["seconds"] >= 1790


@pytest.mark.parametrize("sent", ["", "forged", None])
def test_prolonging_needs_the_token(town, begun, sent):
    before = stored_end(town)
    pass_time(town, 10 * datetime.timedelta(seconds=1))
    fields = {} if sent is None else {"csrf_token": sent}
    begun.app.post(PROLONG, fields, status=400 if sent is None else 403)
    begun.app.post(
        PROLONG, {"csrf_token": token(begun)}, headers={"Origin": "https://x.example"}, status=403
    )
    begun.app.get(PROLONG, status=404)
    assert stored_end(town) == before


def test_prolonging_is_denied_to_whoever_is_not_logged_in(town, begun):
    stranger = town.browser()
    stranger.get("/sundhedskort")
    form = stranger.main_form()
    for fields in ({"csrf_token": form["csrf_token"].value}, {"csrf_token": token(begun)}):
        page = stranger.app.post(PROLONG, fields, status=403)
        assert "Du er ikke logget ind her" in page
    pass_time(town, 31 * MINUTE)
    assert "Du er ikke logget ind her" in begun.app.post(
        PROLONG, {"csrf_token": token(begun)}, status=403
    )


def test_nobody_learns_anything_by_asking(town, begun):
    assert told(town.browser())["seconds"] == 0
    elsewhere = town.browser("aarhus")
    elsewhere.app.set_cookie("selvbetjening-0751", begun.app.cookies["selvbetjening-0773"])
    assert told(elsewhere)["seconds"] == 0
    begun.app.extra_environ["HTTP_HOST"] = "fremmed.example"
    begun.app.get(STATUS, status=404)


def test_the_longest_login_cannot_be_prolonged(town, begun):
    while town.clock.ahead < USUAL_LIMITS.longest - 30 * MINUTE:
        page = begun.get("/sundhedskort/trin/person")
        assert dialog(page)["data-can-prolong"] == "yes"
        pass_time(town, 25 * MINUTE)
    page = begun.get("/sundhedskort/trin/person")
    assert dialog(page)["data-can-prolong"] == "no"
    assert "Så skal du logge ind igen" in line_of(page).get_text()
    before = stored_end(town)
    pass_time(town, 10 * MINUTE)
    answer = begun.app.post(PROLONG, {"csrf_token": token(begun)}, status=200).json
    assert answer["can_prolong"] is False
    assert answer["seconds"] < USUAL_LIMITS.idle.total_seconds()
    assert stored_end(town) == before
    town.clock.ahead = USUAL_LIMITS.longest + MINUTE
    assert told(begun)["seconds"] == 0
    gone = begun.get(dialog(page)["data-limit-url"])
    assert "fordi du har været logget ind længe" in gone


@pytest.mark.parametrize(
    ("prefix", "heading", "saved", "again"),
    [
        ("", "ikke har brugt siden i 30 minutter", "er gemt", "Log ind igen"),
        ("/en", "not used the page for 30 minutes", "are saved", "Log in again"),
    ],
)
def test_the_page_when_it_has_ended(town, begun, prefix, heading, saved, again):
    page = begun.get(f"{prefix}/sundhedskort/trin/person")
    url = dialog(page)["data-ended-url"]
    pass_time(town, 31 * MINUTE)
    page = begun.get(url)
    assert heading in page.html.h1.get_text()
    assert saved in page.html.main.get_text()
    assert "Kirsten" not in page
    assert dialog(page) is None
    (way,) = page.html.main.find_all("a")
    assert way.get_text() == again
    assert way["href"] == f"{prefix}/sundhedskort"
    assert "selvbetjening-0773" not in begun.app.cookies
    town.clock.ahead = datetime.timedelta()  # the provider's clock was not moved
    begun.log_in("kirsten")


def test_the_page_while_it_has_not_ended_leads_back(begun):
    """Another window kept it going: nobody is told that they are logged off."""
    url = dialog(begun.page)["data-ended-url"]
    assert begun.app.get(url, status=303).location.endswith("/sundhedskort")
    assert "selvbetjening-0773" in begun.app.cookies
    begun.get("/sundhedskort/trin/person")


def test_the_page_without_a_solution_or_a_reason(town):
    browser = town.browser()
    page = browser.get("/-/login/slut/inaktiv")
    assert page.html.main.find("a")["href"] == "/"
    page = browser.get("/-/login/slut/tidsgraense/nowhere")
    assert page.html.main.find("a")["href"] == "/"
    browser.get("/-/login/slut/because", status=404)
    browser.app.extra_environ["HTTP_HOST"] = "fremmed.example"
    browser.app.get("/-/login/slut/inaktiv", status=404)


def test_what_was_sent_before_the_end_is_still_there(town, begun):
    begun.submit(holder="self")
    pass_time(town, 31 * MINUTE)
    begun.get("/-/login/slut/inaktiv/sundhedskort")
    town.clock.ahead = datetime.timedelta()  # the provider's clock was not moved
    page = begun.log_in("kirsten")
    assert page.request.path == "/sundhedskort/trin/reason"


def test_the_script_is_served_and_runs_under_the_policy_of_the_page(begun):
    (script,) = [one for one in begun.page.html.find_all("script") if "session.js" in one["src"]]
    served = begun.app.get(script["src"], status=200)
    assert "javascript" in served.content_type
    policy = begun.page.headers["Content-Security-Policy"]
    assert f"script-src 'nonce-{script['nonce']}'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_surer_login_ends_sooner(town):
    browser = town.browser()
    browser.log_in("kirsten", level="high")
    shown = dialog(browser.page)
    assert 890 <= int(shown["data-seconds"]) <= 900
    pass_time(town, 14 * MINUTE)
    page = browser.get("/sundhedskort/trin/person")
    pass_time(town, 15 * MINUTE)
    browser.get("/sundhedskort/trin/person", status=403)
    gone = browser.get(dialog(page)["data-ended-url"])
    assert "ikke har brugt siden i 15 minutter" in gone.html.h1.get_text()
    usual = browser.get("/-/login/slut/inaktiv?minutter=14")
    assert "ikke har brugt siden i 30 minutter" in usual.html.h1.get_text()
    town.clock.ahead = datetime.timedelta()  # the provider's clock was not moved
    browser.log_in("kirsten", level="high")
    while town.clock.ahead < 50 * MINUTE:
        pass_time(town, 10 * MINUTE)
        page = browser.get("/sundhedskort/trin/person")
    assert dialog(page)["data-can-prolong"] == "no"
    pass_time(town, 10 * MINUTE)
    browser.get("/sundhedskort/trin/person", status=403)


def test_under_a_prefix(town):
    browser = town.browser()
    browser.app.extra_environ["HTTP_HOST"] = browser.host = f"localhost:{town.port}"
    browser.get("/mors/sundhedskort")
    away = browser.main_form().submit(status=303)
    page = browser.at_login(away.location, person="kirsten", level="substantial")
    shown = dialog(page)
    assert shown["data-status-url"] == "/mors/-/login"
    assert told_at(browser, shown)["seconds"] >= 1790
    browser.app.post(shown["data-prolong-url"], {"csrf_token": token(browser)}, status=200)


def told_at(browser, shown):
    return browser.app.get(shown["data-status-url"], status=200).json
