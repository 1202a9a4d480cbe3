"""The form on paper: found on the introduction, the same for everybody, with today's prices."""

from __future__ import annotations

import io

import pypdfium2

PATH = "/sundhedskort/blanket"


def text_of(content):
    pages = pypdfium2.PdfDocument(io.BytesIO(content))
    text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    return " ".join(text.replace("\ufffe", "").split())


def fetched(browser, path=PATH):
    answer = browser.app.get(path)
    assert answer.content_type == "application/pdf"
    return answer


def test_the_introduction_leads_to_it(town):
    page = town.browser().get("/sundhedskort")
    link = page.html.find("a", href=PATH)
    assert link.get_text() == "Hent en blanket, du kan printe (PDF)"
    heading = link.find_previous("h2").get_text()
    assert heading == "Kan du ikke bruge selvbetjening?"


def test_it_asks_what_the_solution_asks(town):
    answer = fetched(town.browser())
    assert answer.content_disposition == 'attachment; filename="blanket-sundhedskort.pdf"'
    text = text_of(answer.body)
    for told in (
        "Blanket Bestil nyt sundhedskort",
        "Morsø Kommune",
        "Kortet er blevet væk eller stjålet",
        "Udfyld kun, hvis »Årsag« er »Kortet er gået i stykker«.",
        "er »Jeg vil skifte læge eller sikringsgruppe« eller »",
        "Lægens eller lægehusets navn",
        "225,00 kr.",
        "Underskrift",
        "Udfyldes af kommunen",
        "Det tæller som modtaget den dag, blanketten når frem til kommunen.",
    ):
        assert told in text, told
    # What the register tells is not asked for, and an old price is none.
    assert "Adresse i Folkeregisteret" not in text
    assert "220,00 kr." not in text


EVERYTHING = """
[solution]
version = "2026.1"
title.da = "Ansøg om tilskud"
title.en = "Apply for a grant"
languages = ["da", "en"]
kle = "29"
minutes = 5
level = "substantial"
may_act = ["self", "custody"]

[[law]]
title = "Serviceloven § 1"
valid_from = 2015-01-01

[retention]
draft_days = 30
delivered_days = 90

[text.purpose]
da = "Her søger du."
en = "Apply here."
[text.alternative]
da = "Ring til os."
en = "Call us."
[text.after]
da = "Vi ser på det."
en = "We look at it."
[text.privacy]
da = "Vi bruger dine oplysninger til at behandle ansøgningen."
en = "We use your data to handle the application."

[step.home]
title.da = "Din bolig"
title.en = "Your home"
lead.da = "Vi skal vide, hvordan du bor."
lead.en = "We need to know how you live."

[step.home.size]
kind = "number"
unit.da = "m²"
unit.en = "m²"
label.da = "Boligens størrelse"
label.en = "Size of the home"

[step.home.rented]
kind = "yes_no"
label.da = "Bor du til leje?"
label.en = "Do you rent it?"

[step.home.since]
kind = "date"
visible = { rented = true }
label.da = "Hvornår flyttede du ind?"
label.en = "When did you move in?"

[step.home.comforts]
kind = "choices"
label.da = "Hvad har boligen?"
label.en = "What does the home have?"
required = false
options = ["bath", "kitchen"]
[step.home.comforts.option]
bath.da = "Eget bad"
bath.en = "Own bath"
kitchen.da = "Eget køkken"
kitchen.en = "Own kitchen"

[step.home.large]
kind = "long_text"
required = { size = { above = 150 } }
label.da = "Hvorfor er boligen så stor?"
label.en = "Why is the home so large?"

[step.money]
title.da = "Penge"
title.en = "Money"
visible = { rented = true, size = { at_most = 200 } }

[step.money.income]
kind = "section"
label.da = "Indkomst"
label.en = "Income"
visible = { since = { below = ["today", "- 30 days"] } }

[step.money.account]
kind = "bank_account"
label.da = "Konto"
label.en = "Account"

[step.money.children]
kind = "repeat"
group = "child"
at_most = 5
each.da = "Barn"
each.en = "Child"
add.da = "Tilføj et barn"
add.en = "Add a child"
label.da = "Børn"
label.en = "Children"
required = false

[step.money.true]
kind = "consent"
label.da = "Det er sandt"
label.en = "It is true"

[group.child.name]
kind = "text"
label.da = "Barnets navn"
label.en = "Name of the child"

[group.child.cpr]
kind = "cpr"
label.da = "Barnets CPR-nummer"
label.en = "CPR number of the child"

[[destination]]
role = "case_system"
"""


def test_every_answer_has_its_room(offer, make_town):
    offer("tilskud", EVERYTHING)
    browser = make_town().browser()
    text = text_of(fetched(browser, "/tilskud/blanket").body)
    for told in (
        "Boligens størrelse m²",
        "Udfyld kun, hvis »Bor du til leje?« er »Ja«. Hvornår flyttede du ind? dag måned år",
        "Hvad har boligen? (valgfrit) Sæt gerne flere kryds Eget bad Eget køkken",
        "Skal udfyldes, hvis »Boligens størrelse« er over 150. Hvorfor er boligen så stor?",
        "»Bor du til leje?« er »Ja« og »Boligens størrelse« er højst 200.",
        "Udfyld kun, hvis det gælder for dig. Indkomst Konto",
        "Barn 3 Barnets navn Barnets CPR-nummer Er der flere?",
        "Hvem søger du for?",
        "Forælder med forældremyndighed",
    ):
        assert told in text, told
    assert "Barn 4" not in text
