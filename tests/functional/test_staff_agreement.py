"""Staff of Aarhus serve the citizens of Morsø: by what both files say, and no longer."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing

import pytest

from selvbetjening_core.builtin import register_core
from selvbetjening_core.composition.compose import survey

LISE = "demo-lise"
TODAY = datetime.date.today()  # noqa: DTZ011 - long before and after it is the same
DAY = datetime.timedelta(days=1)
SIDES = {"0773": 'staff_from."0751"', "0751": 'staff_to."0773"'}
OVERVIEW = "/-/drift"


@pytest.fixture
def says(installation):
    """Write a side of the agreement into a municipality's file; taken out by ``until=None``."""

    def say(code, until=TODAY + 100 * DAY, first=TODAY - DAY, roles='["operator"]'):
        file = installation / "municipalities" / f"{code}.toml"
        text = file.read_text("utf-8").partition("\n[staff_")[0]
        if until is not None:
            terms = f"roles = {roles}\nfrom = {first}\nuntil = {until}\n"
            text += f"\n[{SIDES[code]}]\n{terms}"
        file.write_text(text, "utf-8")

    return say


def log_in(town, status=200):
    browser = town.browser()
    browser.get(OVERVIEW, 403)
    form = next(one for one in browser.forms() if one.action.endswith("log-ind"))
    away = form.submit(status=303)
    browser.at_login(away.location, status, person=LISE, level="substantial")
    return browser


def problems(installation):
    _, found = survey(installation / "selvbetjening.toml", register_core, TODAY)
    return [(one.code, one.place.file.name) for one in found if one.code.startswith("agreement")]


def test_by_the_word_of_both_they_are_let_in_and_named(make_town, says):
    says("0773")
    says("0751")
    town = make_town()
    browser = log_in(town)
    page = browser.get(OVERVIEW)
    assert "Du er medarbejder i Aarhus Kommune og arbejder her for Morsø Kommune" in page.text
    with (
        closing(sqlite3.connect(town.folder / "var" / "selvbetjening.sqlite")) as connection,
        connection,
    ):
        actors = connection.execute(
            "SELECT actor FROM audit WHERE municipality = '0773' AND event = 'staff-login'"
        ).fetchall()
    assert actors == [(f"0751:{LISE}",)]


def test_what_they_do_is_noted_with_their_municipality(make_town, says):
    says("0773")
    says("0751")
    town = make_town()
    browser = log_in(town)
    browser.get(f"{OVERVIEW}/modtager/journal")
    form = next(one for one in browser.forms() if one.action.endswith("pause"))
    names = [name for name in form.fields if name not in (None, "csrf_token")]
    browser.submit(form=form, **{names[0]: "Vi tæller op"} if names else {})
    with town.work() as work:
        assert work.receivers.get("journal").paused_by == f"0751:{LISE}"


def test_their_own_staff_are_told_of_it(make_town, says):
    says("0773")
    says("0751")
    town = make_town()
    browser = town.browser()
    browser.get(OVERVIEW, 403)
    form = next(one for one in browser.forms() if one.action.endswith("log-ind"))
    away = form.submit(status=303)
    browser.at_login(away.location, person="demo-kirsten", level="substantial")
    page = browser.get(OVERVIEW)
    assert "Medarbejdere fra Aarhus Kommune kan arbejde her til og med" in page.text
    assert "Du er medarbejder i" not in page.text


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        ((), []),
        (("0773",), [("agreement-one-sided", "0773.toml")]),
        (("0751",), [("agreement-one-sided", "0751.toml")]),
    ],
)
def test_the_word_of_one_is_not_enough(make_town, installation, says, sides, told):
    for code in sides:
        says(code)
    assert problems(installation) == told
    browser = log_in(make_town(), 403)
    assert "Du arbejder ikke i kommunen her" in browser.page.text
    browser.get(OVERVIEW, 403)


@pytest.mark.parametrize(
    "days",
    [
        {"until": TODAY - DAY, "first": TODAY - 100 * DAY},
        {"first": TODAY + 2 * DAY},
    ],
)
def test_it_holds_on_its_days_alone(make_town, installation, says, days):
    says("0773")
    says("0751", **days)
    assert problems(installation) == [("agreement-differs", "0773.toml")]
    log_in(make_town(), 403)


def test_the_roles_are_those_that_both_give(make_town, says):
    says("0773", roles='["auditor"]')
    says("0751", roles='["operator"]')
    browser = log_in(make_town(), 403)
    browser.get(OVERVIEW, 403)


@pytest.mark.parametrize("code", ["0773", "0751"])
def test_it_ends_when_either_takes_it_out(make_town, says, code):
    says("0773")
    says("0751")
    town = make_town()
    browser = log_in(town)
    browser.get(OVERVIEW)
    says(code, until=None)
    after = make_town()
    browser.app = type(browser.app)(
        after.app, extra_environ={"HTTP_HOST": browser.host}, cookiejar=browser.app.cookiejar
    )
    browser.get(OVERVIEW, 403)


def test_it_ends_with_its_last_day(make_town, says):
    says("0773", until=TODAY + 2 * DAY)
    says("0751")
    town = make_town()
    context = town.application.composition.municipalities["0773"].file
    assert context.visitors["0751"].last_day == TODAY + 2 * DAY
    town.clock.ahead = 4 * DAY
    log_in(town, 403)


def test_nobody_calls_himself_a_visitor(make_town):
    """An own member of staff whose name looks like another municipality's is refused."""
    town = make_town()
    town.provider.control(claims={"staff": "0751:demo-lise", "municipalities": "0773"})
    log_in(town, 403)


def test_no_agreement_is_the_default(town):
    assert agreements_in_force_of(town) == ()


def agreements_in_force_of(town):
    file = town.application.composition.municipalities["0773"].file
    return tuple(file.visitors)
