"""What a decision table decides, from the form to the case and the receipt."""

from __future__ import annotations

import datetime
import json
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from selvbetjening_core.application import utc_now
from selvbetjening_core.cli.owner_tests import run_test_cases
from selvbetjening_core.definitions.decision_tables import DecisionTable
from selvbetjening_core.journey.context import JourneyContext

DENMARK = ZoneInfo("Europe/Copenhagen")
DEFINITION = """
[solution]
version = "1"
title.da = "Tilskud til fritid"
title.en = "Grant for leisure"
languages = ["da", "en"]
kle = "27"
minutes = 5
level = "substantial"
may_act = ["self"]

[retention]
draft_days = 30
delivered_days = 90

[[law]]
title = "Prøveloven"
valid_from = 2020-01-01

[text.after]
da = "Så er du færdig."
en = "Then you are done."

[text.purpose]
da = "Her kan du prøve."
en = "Here you can try."

[text.alternative]
da = "Ring til os."
en = "Call us."

[parameter.limit]
kind = "yes_no"
label.da = "Er der en grænse?"
label.en = "Is there a limit?"
default = true

[step.home]
title.da = "Hjemmet"
title.en = "The home"

[step.home.born]
kind = "date"
label.da = "Barnets fødselsdag"
label.en = "The child's birthday"
latest = "today"

[step.home.income]
kind = "amount"
label.da = "Indtægt om måneden"
label.en = "Income a month"

[step.home.entitled]
kind = "computed"
table = "entitled"
label.da = "Kan du få tilskud?"
label.en = "Can you get a grant?"

[step.grant]
title.da = "Tilskuddet"
title.en = "The grant"
visible = { entitled = true }

[step.grant.size]
kind = "computed"
table = "size"
label.da = "Hvor meget?"
label.en = "How much?"

[step.grant.length]
kind = "computed"
table = "length"
label.da = "Hvor længe?"
label.en = "How long?"

[step.grant.sport]
kind = "text"
label.da = "Hvad går barnet til?"
label.en = "What does the child do?"

[step.refused]
title.da = "Intet tilskud"
title.en = "No grant"
visible = { entitled = false }

[step.refused.told]
kind = "message"
label.da = "Du kan ikke få tilskud"
label.en = "You cannot get a grant"
hint.da = "Du kan søge alligevel."
hint.en = "You can apply all the same."

[step.refused.why]
kind = "text"
label.da = "Hvorfor søger du alligevel?"
label.en = "Why do you apply all the same?"

[table.entitled]
kind = "yes_no"

[[table.entitled.row]]
valid_from = 2024-01-01
when = { born.age = { below = 18 } }
outcome = true
law = "prøvelovens § 9"

[[table.entitled.row]]
valid_from = 2024-01-01
when = { born.age = { at_least = 18 } }
outcome = false
law = "prøvelovens § 10"

[table.size]
kind = "amount"

[[table.size.row]]
valid_from = 2024-01-01
when = { any = [{ parameter.limit = false }, { income.ore = { below = 2000000 } }] }
outcome = "1250.50"

[[table.size.row]]
valid_from = 2024-01-01
when = { parameter.limit = true, income.ore = { at_least = 2000000 } }
outcome = "100.00"

[[table.size.row]]
valid_from = TOMORROW
when = { parameter.limit = true, income.ore = { at_least = 2000000 } }
outcome = "90.00"

[table.length]
kind = "choice"
options = ["year", "half"]

[table.length.option]
year.da = "Et år"
year.en = "A year"
half.da = "Et halvt år"
half.en = "Half a year"

[[table.length.row]]
valid_from = 2024-01-01
when = { size = { above = 10000 } }
outcome = "year"

[[table.length.row]]
valid_from = 2024-01-01
when = { size = { at_most = 10000 } }
outcome = "half"

[[price]]
valid_from = 2020-01-01
amount = "0.00"
text.da = "Gratis"
text.en = "Free"

[[destination]]
role = "case_system"
"""
TESTS = """
[case.much]
on = 2026-03-02
answers = { born = 2015-01-31, income = "10000.00", sport = "Svømning" }

[case.much.expect]
accepted = true
steps = ["home", "grant"]
summary = { entitled = "Ja", size = "1.250,50 kr.", length = "Et år" }

[case.grown]
on = 2026-03-02
answers = { born = 2000-01-31, income = "10000.00", why = "Derfor" }

[case.grown.expect]
steps = ["home", "refused"]
summary = { entitled = "Nej" }
"""
CHILD = {"born.day": "31", "born.month": "1", "born.year": "2015"}
ADULT = {"born.day": "31", "born.month": "1", "born.year": "2000"}


@pytest.fixture
def solution(offer):
    tomorrow = utc_now().astimezone(DENMARK).date() + datetime.timedelta(days=1)
    return offer("grant", DEFINITION.replace("TOMORROW", str(tomorrow)))


@pytest.fixture
def asked(solution, make_town):
    assert solution.is_dir()
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten", solution="grant")
    browser.get("/grant/trin/home")
    return browser


@pytest.fixture
def after_midnight(monkeypatch):
    """From here on it is tomorrow; those who are logged in still are."""
    today = JourneyContext.today.fget

    def begin():
        day = datetime.timedelta(days=1)
        monkeypatch.setattr(JourneyContext, "today", property(lambda self: today(self) + day))

    return begin


def send(browser, answers):
    """Send the step with these answers, whatever the page has inputs for."""
    inputs = browser.page.html.find("main").find_all("input", {"type": "hidden"})
    hidden = [(one["name"], one["value"]) for one in inputs]
    reply = browser.app.post(browser.page.request.path, [*hidden, *answers.items()])
    browser.page = reply.follow() if reply.status_int == 303 else reply
    return browser.page


def facts_on(page):
    return {
        one.dt.get_text(strip=True): [d.get_text(" ", strip=True) for d in one.find_all("dd")]
        for one in page.html.find("main").find_all("dl")
    }


def rows_of(page):
    return {
        row.th.get_text(strip=True): row.td.get_text("|", strip=True)
        for row in page.html.find("main").find_all("tr")
        if row.th and row.td
    }


def delivered_case(town):
    town.application.engine.drain()
    (file,) = town.journal()
    return json.loads(file.read_text("utf-8"))["case"]


def test_nothing_is_told_before_it_is_decided(asked):
    assert facts_on(asked.page) == {
        "Kan du få tilskud?": ["Udregnes, når du har svaret på spørgsmålene"]
    }


def test_outcomes_go_from_the_page_to_the_case_and_nobody_can_set_them(asked):
    forged = {"entitled": "true", "size": "99999", "length": "year"}
    page = send(asked, {**CHILD, "income": "25.000", **forged})
    assert page.request.path == "/grant/trin/grant"
    assert facts_on(page) == {"Hvor meget?": ["100,00 kr."], "Hvor længe?": ["Et halvt år"]}
    page = send(asked, {"sport": "Svømning", **forged})
    shown = rows_of(page)
    assert (shown["Kan du få tilskud?"], shown["Hvor meget?"]) == ("Ja", "100,00 kr.")
    receipt = asked.submit()
    assert receipt.request.path.startswith("/kvittering")
    case = delivered_case(asked.town)
    answers = {one["field"]: one["value"] for group in case["groups"] for one in group["answers"]}
    assert (answers["entitled"], answers["size"], answers["length"]) == (True, 10000, "half")


def test_the_page_tells_the_law(asked):
    send(asked, {**CHILD, "income": "25.000"})
    page = asked.get("/grant/trin/home")
    assert facts_on(page)["Kan du få tilskud?"] == ["Ja", "Det følger af prøvelovens § 9"]


def test_another_outcome_is_another_way(asked):
    page = send(asked, {**ADULT, "income": "25.000"})
    assert page.request.path == "/grant/trin/refused"
    assert "Du kan ikke få tilskud" in page
    page = send(asked, {"why": "Derfor"})
    assert rows_of(page)["Kan du få tilskud?"] == "Nej"
    assert "Hvor meget?" not in rows_of(page)


def test_rows_that_begin_between_the_summary_and_sending_are_told_first(asked, after_midnight):
    """The day that counts is the day it is sent on, and nobody sends what was not shown."""
    send(asked, {**CHILD, "income": "25.000"})
    page = send(asked, {"sport": "Svømning"})
    assert rows_of(page)["Hvor meget?"] == "100,00 kr."
    after_midnight()
    page = asked.submit(status=409)
    assert "Siden er blevet ældre end din ansøgning" in page
    page = asked.get("/grant/opsummering")
    assert rows_of(page)["Hvor meget?"] == "90,00 kr."
    assert asked.submit().request.path.startswith("/kvittering")


def test_what_was_sent_keeps_the_outcome_of_its_day(asked, after_midnight):
    send(asked, {**CHILD, "income": "25.000"})
    send(asked, {"sport": "Svømning"})
    receipt = asked.submit()
    assert "100,00 kr." in receipt
    after_midnight()
    again = asked.get(receipt.request.path)
    assert "100,00 kr." in again
    assert "90,00 kr." not in again


def test_a_table_that_decides_nothing_sends_nothing(asked, monkeypatch):
    """The checker would have found it; no outcome is made up all the same."""
    send(asked, {**CHILD, "income": "25.000"})
    send(asked, {"sport": "Svømning"})
    form = asked.main_form()
    monkeypatch.setattr(DecisionTable, "row", lambda *_: None)
    refused = form.submit(status=500), asked.app.get("/grant/opsummering", status=500)
    for page in refused:
        assert "Der er sket en fejl" in page
        assert "table" not in page.html.find("main").get_text()
    assert asked.town.journal() == []


def test_owners_tests_hold_outcomes(solution, installation):
    assert run(solution, installation, TESTS) == (0, "grant: 2 test cases, all pass\n")
    wrong = TESTS.replace("1.250,50 kr.", "1.250,51 kr.")
    code, told = run(solution, installation, wrong)
    assert code == 1
    assert "summary.size: expected 1.250,51 kr.; came 1.250,50 kr." in told


def run(solution, installation, tests):
    (solution / "tests.toml").write_text(tests, "utf-8")
    arguments = ["--config", str(installation / "selvbetjening.toml"), "grant"]
    done = CliRunner().invoke(run_test_cases, arguments)
    return done.exit_code, done.output
