"""A group and rows, without script: from the form over errors and back to the case."""

from __future__ import annotations

import json

import pytest

DEFINITION = """
[solution]
version = "1"
title.da = "Plads i dagtilbud"
title.en = "Day care"
languages = ["da", "en"]
kle = "28"
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

[group.abroad.country]
kind = "text"
label.da = "Land"
label.en = "Country"

[group.abroad.street]
kind = "text"
label.da = "Adresse"
label.en = "Address"
required = false

[group.child.name]
kind = "text"
label.da = "Barnets navn"
label.en = "The child's name"
concept = "Person.navn"

[group.child.born]
kind = "date"
label.da = "Barnets fødselsdag"
label.en = "The child's date of birth"

[group.child.attends]
kind = "yes_no"
label.da = "Går barnet i et dagtilbud nu?"
label.en = "Is the child in day care now?"

[group.child.place]
kind = "text"
label.da = "Hvor går barnet?"
label.en = "Where does the child go?"
visible = { attends = true }

[step.family]
title.da = "Jeres familie"
title.en = "Your family"

[step.family.parent]
kind = "group"
group = "abroad"
label.da = "Den anden forælder"
label.en = "The other parent"
hint.da = "Kun hvis den anden forælder bor i udlandet."
hint.en = "Only if the other parent lives abroad."
required = false

[step.family.children]
kind = "repeat"
group = "child"
label.da = "Børn, der skal have en plads"
label.en = "Children who need a place"
each.da = "Barn"
each.en = "Child"
add.da = "Tilføj et barn"
add.en = "Add a child"
at_most = 4

[step.more]
title.da = "Flere børn"
title.en = "More children"
visible = { children.count = { at_least = 2 } }

[step.more.together]
kind = "yes_no"
label.da = "Skal børnene gå samme sted?"
label.en = "Should the children go to the same place?"

[[destination]]
role = "case_system"
"""


@pytest.fixture
def family(offer, make_town):
    offer("family", DEFINITION)
    town = make_town()
    browser = town.browser()
    browser.log_in("kirsten", solution="family")
    browser.get("/family/trin/family")
    return browser


def fill(browser, number, name, day="1", month="2", year="2024", attends="no"):
    form = browser.main_form()
    row = f"children.{number}"
    form[f"{row}.name"] = name
    form[f"{row}.born.day"], form[f"{row}.born.month"] = day, month
    form[f"{row}.born.year"] = year
    form[f"{row}.attends"] = attends


def press(browser, button):
    browser.page = browser.main_form().submit("do", value=button)
    assert browser.page.status_int == 200
    assert browser.page.html.select(".error-summary") == []


def names(browser):
    main = browser.page.html.find("main")
    return [one["value"] for one in main.select("input[name$='.name']")]


def test_rows_are_added_removed_mended_and_delivered(family):
    fill(family, 1, "Bo", day="")
    press(family, "children:add")
    assert names(family) == ["Bo", ""]
    (focus,) = family.page.html.select("[autofocus]")
    assert focus.legend.get_text() == "Barn 2"
    fill(family, 2, "Fejl")
    press(family, "children:add")
    fill(family, 3, "Ea", attends="yes")
    press(family, "children:remove:2")
    assert names(family) == ["Bo", "Ea"]
    page = family.submit()
    links = page.html.select(".error-summary a")
    assert [one.get_text() for one in links] == [
        "Barn 1: Skriv både dag, måned og år i »Barnets fødselsdag«",
        "Barn 2: Udfyld »Hvor går barnet?«",
    ]
    for link in links:
        assert page.html.find(id=link["href"][1:]).name == "input"
    family.main_form()["children.1.born.day"] = "3"
    family.main_form()["children.2.place"] = "Solsikken"
    page = family.submit()
    assert page.request.path == "/family/trin/more"
    family.get("/family/trin/family")
    assert names(family) == ["Bo", "Ea"]
    family.submit()
    family.submit(together="yes")
    shown = {
        row.th.get_text(strip=True): row.td.get_text(strip=True)
        for row in family.page.html.find("main").find_all("tr")
        if row.th and row.td
    }
    told = (
        "Barn 1\nBarnets navn: Bo\nBarnets fødselsdag: 3. februar 2024\n"
        "Går barnet i et dagtilbud nu? Nej\n\n"
        "Barn 2\nBarnets navn: Ea\nBarnets fødselsdag: 1. februar 2024\n"
        "Går barnet i et dagtilbud nu? Ja\nHvor går barnet? Solsikken"
    )
    assert shown["Børn, der skal have en plads"] == told
    assert shown["Den anden forælder"] == "Ikke besvaret"
    receipt = family.submit()
    assert receipt.request.path.startswith("/kvittering")
    case = delivered_case(family.town)
    answers = {one["field"]: one for group in case["groups"] for one in group["answers"]}
    assert answers["children"]["value"] == [
        {"name": "Bo", "born": "2024-02-03", "attends": False},
        {"name": "Ea", "born": "2024-02-01", "attends": True, "place": "Solsikken"},
    ]
    assert answers["children"]["concepts"] == {"name": "Person.navn"}
    assert answers["parent"]["value"] is None


def test_what_is_hidden_in_a_row_does_not_reach_the_case(family):
    fill(family, 1, "Bo", attends="yes")
    family.submit()
    family.submit(**{"children.1.place": "Solsikken"})
    family.get("/family/trin/family")
    family.submit(**{"children.1.attends": "no"})
    family.submit()
    (answer,) = [
        one["value"]
        for group in delivered_case(family.town)["groups"]
        for one in group["answers"]
        if one["field"] == "children"
    ]
    assert answer == [{"name": "Bo", "born": "2024-02-01", "attends": False}]


def delivered_case(town):
    town.application.engine.drain()
    (file,) = town.journal()
    return json.loads(file.read_text("utf-8"))["case"]
