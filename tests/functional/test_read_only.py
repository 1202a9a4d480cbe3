"""Read-only fields: from an earlier answer and from the register, whatever the browser sends."""

from __future__ import annotations

import json
import re

import pytest

DEFINITION = """
[solution]
version = "1"
title.da = "Prøvekort"
title.en = "Test card"
languages = ["da", "en"]
kle = "29"
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

[step.first]
title.da = "Først"
title.en = "First"

[step.first.holder]
kind = "person"
from = "self"
label.da = "Hvem"
label.en = "Who"

[step.first.name]
kind = "text"
label.da = "Kaldenavn"
label.en = "Nickname"

[step.first.same]
kind = "yes_no"
label.da = "Samme navn på kortet?"
label.en = "The same name on the card?"

[step.card]
title.da = "Kortet"
title.en = "The card"

[step.card.on_card]
kind = "text"
label.da = "Navn på kortet"
label.en = "Name on the card"
read_only = { same = true }
value_from = "name"

[step.card.sent_to]
kind = "text"
label.da = "Sendes til"
label.en = "Sent to"
read_only = true
value_from = "holder.address"

[[price]]
valid_from = 2020-01-01
amount = "0.00"
text.da = "Gratis"
text.en = "Free"

[[destination]]
role = "case_system"
"""
ORIGIN = re.compile(r"Hentet fra [^<]+ den \d+\. \w+ \d{4}")


@pytest.fixture
def begun(offer, make_town):
    """A citizen who wants her nickname on the card, at the step with the read-only fields."""
    offer("card", DEFINITION)
    browser = make_town().browser()
    browser.log_in("kirsten", solution="card")
    browser.get("/card/trin/first")
    first(browser, "Kis", "yes")
    assert browser.page.request.path == "/card/trin/card"
    return browser


def first(browser, name, same):
    form = browser.main_form()
    if "holder" in form.fields:
        form["holder"] = form["holder"].options[0][0]
    form["name"], form["same"] = name, same
    return browser.submit(form=form)


def change_first(browser, name, same):
    browser.get("/card/trin/first?ret=")
    return first(browser, name, same)


def answers_delivered(town):
    town.application.engine.drain()
    (file,) = town.journal()
    groups = json.loads(file.read_text("utf-8"))["case"]["groups"]
    return {one["field"]: one for group in groups for one in group["answers"]}


def test_a_read_only_field_has_no_input_and_tells_its_source(begun):
    html = begun.page.html
    assert html.find(attrs={"name": "on_card"}) is None
    assert html.find(attrs={"name": "sent_to"}) is None
    told = [one.get_text(" ", strip=True) for one in html.find_all("dl", class_="fact")]
    assert told[0] == "Navn på kortet Kis", "an earlier answer has no source"
    assert "Hentet fra" in told[1]
    assert " den " in told[1]


def test_what_a_browser_sends_for_it_is_ignored(begun):
    form = begun.main_form()
    sent = [*form.submit_fields(), ("on_card", "FORGED"), ("sent_to", "FORGED")]
    answered = begun.app.post(form.action or begun.page.request.path, sent, status=303)
    assert answered.location.endswith("/opsummering")
    begun.get("/card/opsummering")
    begun.submit()
    found = answers_delivered(begun.town)
    assert found["on_card"]["value"] == "Kis"
    assert "FORGED" not in json.dumps(found)
    assert found["sent_to"]["source"]
    assert found["sent_to"]["retrieved_at"]
    assert found["on_card"]["source"] == ""


def test_an_answer_typed_before_does_not_outlive_the_condition(begun):
    begun.submit()
    change_first(begun, "Kis", "no")
    begun.get("/card/trin/card?ret=")
    assert begun.main_form()["on_card"].value == "Kis", "it keeps what it had"
    begun.submit(on_card="Dronning")
    assert "Dronning" in begun.page.text
    page = change_first(begun, "Kirsten", "yes")
    assert page.request.path == "/card/opsummering"
    assert "Dronning" not in page.text
    begun.submit()
    assert answers_delivered(begun.town)["on_card"]["value"] == "Kirsten"


def test_summary_and_receipt_tell_source_and_day(begun):
    summary = begun.submit()
    assert summary.request.path == "/card/opsummering"
    (told,) = set(ORIGIN.findall(summary.text))
    receipt = begun.submit()
    assert told in receipt.text


def test_the_same_sending_counts_where_it_is_not_read_only(begun):
    """The control of the test above: without the condition the browser does decide."""
    change_first(begun, "Kis", "no")
    begun.get("/card/trin/card?ret=")
    begun.submit(on_card="FORGED")
    begun.submit()
    found = answers_delivered(begun.town)
    assert found["on_card"]["value"] == "FORGED"
    assert found["sent_to"]["value"] != "FORGED"
