"""What is required, and which options there are, by an answer on an earlier step: to the end."""

from __future__ import annotations

import json

import pytest

DEFINITION = """
[solution]
version = "1"
title.da = "Sundhedskort"
title.en = "Health card"
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

[step.cause]
title.da = "Årsag"
title.en = "Cause"

[step.cause.cause]
kind = "choice"
label.da = "Årsag"
label.en = "Cause"
options = ["damaged", "moved"]

[step.cause.cause.option]
damaged.da = "I stykker"
damaged.en = "Damaged"
moved.da = "Flyttet"
moved.en = "Moved"

[step.order]
title.da = "Bestilling"
title.en = "Order"

[step.order.why]
kind = "text"
label.da = "Hvordan"
label.en = "How"
required = { cause = "damaged" }

[step.order.way]
kind = "choice"
label.da = "Levering"
label.en = "Delivery"
concept = "kort.levering"
help.da = "Det koster ikke noget."
help.en = "It costs nothing."
options = ["post", "counter", "courier"]

[step.order.way.option]
post.da = "Med posten"
post.en = "By post"
counter.da = "Jeg henter det"
counter.en = "I collect it"
counter.when = { cause = { not = "moved" } }
courier.da = "Med bud"
courier.en = "By courier"

[step.order.floor]
kind = "text"
label.da = "Etage"
label.en = "Floor"
visible = { way = "courier" }

[[price]]
valid_from = 2020-01-01
amount = "0.00"
when = { floor = { filled = false } }
text.da = "Gratis"
text.en = "Free"

[[price]]
valid_from = 2020-01-01
amount = "10.00"
when = { floor = { filled = true } }
text.da = "Bud"
text.en = "Courier"

[[destination]]
role = "case_system"
"""
TOLD = "Vælg igen under »Levering«: Det, du havde valgt, er ikke længere en mulighed"


@pytest.fixture
def ordered(offer, make_town):
    """A citizen at the summary: a damaged card, to be collected."""
    offer("card", DEFINITION)
    browser = make_town().browser()
    browser.log_in("kirsten", solution="card")
    browser.get("/card/trin/cause")
    browser.submit(cause="damaged")
    browser.submit(why="Faldt", way="counter")
    assert browser.page.request.path == "/card/opsummering"
    return browser


def change_cause(browser, cause):
    browser.get("/card/trin/cause?ret=")
    return browser.submit(cause=cause)


def errors(page):
    summary = page.html.find(class_="error-summary")
    return [one.get_text() for one in summary.find_all("a")] if summary else []


def answers_delivered(town):
    town.application.engine.drain()
    (file,) = town.journal()
    groups = json.loads(file.read_text("utf-8"))["case"]["groups"]
    return {one["field"]: one["value"] for group in groups for one in group["answers"]}


def test_an_option_that_is_withdrawn_is_asked_for_again_and_never_submitted(ordered):
    accepted_late = ordered.main_form()
    page = change_cause(ordered, "moved")
    assert page.request.path == "/card/trin/order"
    assert errors(page) == [TOLD]
    assert "Jeg henter det" not in page.text
    accepted_late.submit(status=409)
    ordered.town.application.engine.drain()
    assert ordered.town.journal() == []
    forged = ordered.main_form()
    forged["way"].force_value("counter")
    assert errors(ordered.submit(form=forged)) == [TOLD]
    ordered.submit(way="post")
    assert ordered.page.request.path == "/card/opsummering"
    ordered.submit()
    assert answers_delivered(ordered.town)["way"] == "post"


def test_an_answer_counts_again_when_its_option_comes_back(ordered):
    change_cause(ordered, "moved")
    page = change_cause(ordered, "damaged")
    assert page.request.path == "/card/opsummering"
    assert "Jeg henter det" in page.text
    ordered.submit()
    assert answers_delivered(ordered.town) == {"cause": "damaged", "why": "Faldt", "way": "counter"}


def test_what_an_earlier_answer_requires_is_asked_before_it_is_submitted(ordered):
    change_cause(ordered, "moved")
    page = ordered.submit(why="", way="post")
    assert page.request.path == "/card/opsummering"
    accepted_late = ordered.main_form()
    page = change_cause(ordered, "damaged")
    assert page.request.path == "/card/trin/order"
    assert "(valgfrit)" not in page.text
    accepted_late.submit(status=409)
    assert errors(ordered.submit(why="", way="post")) == ["Udfyld »Hvordan«"]
    ordered.submit(why="Faldt", way="post")
    ordered.submit()
    assert answers_delivered(ordered.town)["why"] == "Faldt"


def test_what_the_same_page_hides_is_kept_and_reaches_nobody(ordered):
    ordered.get("/card/trin/order?ret=")
    assert [error.split("»")[1] for error in errors(ordered.submit(way="courier"))] == ["Etage«"]
    hidden_now = ordered.main_form()
    hidden_now["floor"].force_value("fjerde sal")
    hidden_now["way"].force_value("counter")
    page = ordered.submit(form=hidden_now)
    assert page.request.path == "/card/opsummering"
    assert "fjerde sal" not in page.text
    ordered.get("/card/trin/order?ret=")
    assert "fjerde sal" not in ordered.page.text
    assert 'value="fjerde sal"' in ordered.submit(way="courier").text, "it comes into view again"
    ordered.submit(way="counter")
    ordered.get("/card/opsummering")
    ordered.submit()
    assert "floor" not in answers_delivered(ordered.town)
    (file,) = ordered.town.journal()
    assert "fjerde sal" not in file.read_text("utf-8")


def test_a_concept_goes_with_its_answer_and_no_other(ordered):
    ordered.submit()
    ordered.town.application.engine.drain()
    (file,) = ordered.town.journal()
    groups = json.loads(file.read_text("utf-8"))["case"]["groups"]
    concepts = {one["field"]: one.get("concept") for group in groups for one in group["answers"]}
    assert concepts == {"cause": None, "why": None, "way": "kort.levering"}
