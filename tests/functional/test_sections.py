"""A section: its heading and its fields come and go together."""

from __future__ import annotations

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

[step.first.lost]
kind = "yes_no"
label.da = "Er det tabt?"
label.en = "Is it lost?"

[step.loss]
title.da = "Mere"
title.en = "More"

[step.loss.note]
kind = "text"
label.da = "Bemærkning"
label.en = "Remark"

[step.loss.how]
kind = "section"
label.da = "Om tabet"
label.en = "About the loss"
hint.da = "Så godt du husker det."
hint.en = "As well as you remember."
visible = { lost = true }

[step.loss.where]
kind = "text"
label.da = "Hvor"
label.en = "Where"

[[price]]
valid_from = 2020-01-01
amount = "0.00"
text.da = "Gratis"
text.en = "Free"

[[destination]]
role = "case_system"
"""


@pytest.fixture
def begun(offer, make_town):
    """A citizen at the first step."""
    offer("card", DEFINITION)
    browser = make_town().browser()
    browser.log_in("kirsten", solution="card")
    browser.get("/card/trin/first")
    return browser


def answer(browser, lost):
    form = browser.main_form()
    form["holder"], form["lost"] = form["holder"].options[0][0], lost
    return browser.submit(form=form)


def headings(browser):
    return [one.get_text() for one in browser.page.html.main.find_all(["h1", "h2", "h3"])]


def test_the_section_heads_its_fields(begun):
    answer(begun, "yes")
    assert headings(begun) == ["Mere", "Om tabet"]
    assert "Så godt du husker det." in begun.page
    page = str(begun.page.html.main)
    assert page.index('name="note"') < page.index("Om tabet") < page.index('name="where"')
    begun.submit(note="Nej")
    assert "Udfyld »Hvor«" in begun.page.html.main.get_text(" ")
    begun.submit(note="Nej", where="I toget")
    assert begun.page.request.path == "/card/opsummering"
    assert "I toget" in begun.page
    assert "Om tabet" not in begun.page


def test_where_its_condition_does_not_hold_nothing_of_it_is_asked_or_taken(begun):
    answer(begun, "no")
    assert headings(begun) == ["Mere"]
    assert "where" not in begun.main_form().fields
    form = begun.main_form()
    form["note"] = "Nej"
    sent = [*form.submit_fields(), ("where", "FORGED")]
    begun.page = begun.app.post(begun.page.request.path, sent, status=303).follow()
    assert begun.page.request.path == "/card/opsummering"
    assert "FORGED" not in begun.page
