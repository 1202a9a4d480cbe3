"""Several options, a matrix, what is fixed and what is computed: from the form to the case."""

from __future__ import annotations

import json

import pytest

DEFINITION = """
[solution]
version = "1"
title.da = "Hjælp i hjemmet"
title.en = "Help at home"
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

[parameter.weeks]
kind = "number"
label.da = "Uger"
label.en = "Weeks"
default = 46

[step.help]
title.da = "Hjælp"
title.en = "Help"

[step.help.aids]
kind = "choices"
label.da = "Hjælpemidler"
label.en = "Aids"
options = ["cane", "walker", "none"]
none_of_these = "none"

[step.help.aids.option]
cane.da = "Stok"
cane.en = "Cane"
walker.da = "Rollator"
walker.en = "Walker"
none.da = "Ingen af dem"
none.en = "None of them"

[step.help.needs]
kind = "matrix"
label.da = "Behov"
label.en = "Needs"
options = ["never", "often"]
rows = ["food", "shopping"]

[step.help.needs.option]
never.da = "Aldrig"
never.en = "Never"
often.da = "Ofte"
often.en = "Often"

[step.help.needs.row]
food.da = "Madlavning"
food.en = "Cooking"
shopping.da = "Indkøb"
shopping.en = "Shopping"

[step.help.hours]
kind = "number"
label.da = "Timer om ugen"
label.en = "Hours a week"

[step.help.total]
kind = "computed"
label.da = "Timer om året"
label.en = "Hours a year"
operation = "product"
of = ["hours", "parameter.weeks"]

[step.help.form]
kind = "fixed"
label.da = "Blanket"
label.en = "Form"
value = "A1"

[step.more]
title.da = "Mere"
title.en = "More"
visible = { total = { above = 100 }, aids = "cane" }

[step.more.why]
kind = "text"
label.da = "Hvorfor så mange?"
label.en = "Why so many?"

[[price]]
valid_from = 2020-01-01
when = { total = { above = 100 } }
amount = "0.00"
text.da = "Mange timer"
text.en = "Many hours"

[[price]]
valid_from = 2020-01-01
when = { total = { at_most = 100 } }
amount = "25.00"
text.da = "Få timer"
text.en = "Few hours"

[[destination]]
role = "case_system"
"""
ANSWERS = {
    "aids.walker": "walker",
    "aids.cane": "cane",
    "needs.shopping": "never",
    "needs.food": "often",
    "hours": "3",
}
FORGED = {"total": "1", "form": "B2", "total.": "1", "parameter.weeks": "1"}


@pytest.fixture
def helped(offer, make_town):
    offer("help", DEFINITION)
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten", solution="help")
    browser.get("/help/trin/help")
    return browser


def send(browser, answers):
    """Send the step with these answers and no others, whatever the page has inputs for."""
    inputs = browser.page.html.find("main").find_all("input", {"type": "hidden"})
    hidden = [(one["name"], one["value"]) for one in inputs]
    reply = browser.app.post(browser.page.request.path, [*hidden, *answers.items()])
    browser.page = reply.follow() if reply.status_int == 303 else reply
    return browser.page


def rows_of(page):
    return {
        row.th.get_text(strip=True): row.td.get_text("|", strip=True)
        for row in page.html.find("main").find_all("tr")
        if row.th and row.td
    }


def test_they_go_from_the_form_to_the_case_and_nobody_can_set_the_rest(helped):
    page = send(helped, {**ANSWERS, **FORGED})
    assert page.request.path == "/help/trin/more"
    page = send(helped, {"why": "Derfor", **FORGED})
    shown = rows_of(page)
    assert shown["Hjælpemidler"] == "Stok\nRollator"
    assert shown["Behov"] == "Madlavning: Ofte\nIndkøb: Aldrig"
    assert shown["Timer om året"] == "138"
    assert shown["Blanket"] == "A1"
    assert helped.submit().request.path.startswith("/kvittering")
    case = delivered_case(helped.town)
    answers = {one["field"]: one["value"] for group in case["groups"] for one in group["answers"]}
    assert answers == {
        "aids": ["cane", "walker"],
        "needs": {"food": "often", "shopping": "never"},
        "hours": 3,
        "total": 138,
        "form": "A1",
        "why": "Derfor",
    }


def delivered_case(town):
    town.application.engine.drain()
    (file,) = town.journal()
    return json.loads(file.read_text("utf-8"))["case"]


def test_an_earlier_answer_changes_what_is_computed_and_what_is_asked(helped):
    page = send(helped, {**ANSWERS, "hours": "2"})
    assert rows_of(page)["Timer om året"] == "92"
    assert "25,00 kr." in page.text
    assert "Hvorfor så mange?" not in page.text


def test_a_step_that_is_wrong_shows_what_was_ticked_again(helped):
    page = send(helped, {**ANSWERS, "aids.none": "none", "hours": "mange"})
    main = page.html.find("main")
    ticked = {one["value"] for one in main.find_all("input", checked=True)}
    assert ticked == {"cane", "walker", "none", "never", "often"}
    assert [a.get_text() for a in main.find(class_="error-summary").find_all("a")] == [
        "Vælg enten »Ingen af dem« eller andre svar under »Hjælpemidler«",
        "Skriv »Timer om ugen« som et helt tal med cifre, for eksempel 7",
    ]
