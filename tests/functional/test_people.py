"""Choosing people on real pages: who moves along, from the form to the receiver."""

from __future__ import annotations

import dataclasses
import json

import pytest

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.journey.sealed_household import SealedHousehold
from selvbetjening_core.store.remembered import Remembered
from selvbetjening_core.testing.pages import PageKind, breaches
from selvbetjening_core.texts import LANGUAGES, texts_for
from selvbetjening_core.values import CprNumber
from selvbetjening_demo.register import DemoRegister

KIRSTEN = CprNumber("2911829996")

MOVING = """
[solution]
version = "1"
title.da = "Meld flytning"
title.en = "Report a move"
languages = ["da", "en"]
kle = "23"
minutes = 5
level = "substantial"
may_act = ["self", "custody", "household"]

[retention]
draft_days = 30
delivered_days = 30

[text.purpose]
da = "Du melder, at du flytter."
en = "You report that you move."

[text.alternative]
da = "Ring til os på 12 34 56 78."
en = "Call us at 12 34 56 78."

[text.privacy]
da = "Vi bruger oplysningerne til at registrere flytningen."
en = "We use the data to register the move."

[text.after]
da = "Vi behandler anmeldelsen."
en = "We process the report."

[step.date]
title.da = "Hvornår"
title.en = "When"

[step.date.why]
kind = "text"
label.da = "Hvorfor"
label.en = "Why"

[step.who]
title.da = "Hvem flytter?"
title.en = "Who moves?"

[step.who.movers]
kind = "people"
from = "household"
label.da = "Hvem flytter med?"
label.en = "Who moves along?"

[step.more]
title.da = "Mere"
title.en = "More"

[step.more.remarks]
kind = "text"
required = false
label.da = "Bemærkninger"
label.en = "Remarks"

[[law]]
title = "CPR-loven"
valid_from = 2024-01-01

[[destination]]
role = "case_system"
"""


@pytest.fixture
def make_moving(offer, make_town):
    """A browser maker at a site where one reports a move."""

    def make(change=lambda text: text):
        offer("flytning", change(MOVING))
        return make_town()

    return make


@pytest.fixture
def at_choice(make_moving):
    """Kirsten where she is asked who moves along."""
    browser = make_moving().browser()
    browser.log_in("kirsten", solution="flytning")
    browser.submit(why="Nyt job")
    return browser


def boxes(page):
    """The people who can be chosen: label by the name of the box."""
    return {
        one["name"]: page.html.find("label", {"for": one["id"]}).get_text(strip=True)
        for one in page.html.find("main").find_all("input", {"type": "checkbox"})
    }


def shown_by(name, found):
    return next(box for box, label in found.items() if name in label)


def test_everybody_who_lives_there_is_offered_once(at_choice):
    labels = list(boxes(at_choice.page).values())
    assert [one.rpartition(",")[0] or one for one in labels] == [
        "Mig selv: Kirsten Test Berggren",
        "Gitte Nancy Test Berggren",
        "Lars Test Berggren",
        "Aya Test Berggren",
        "Nancy Ann Test Berggren",
    ]
    # Rikke lives elsewhere, in the custody of another: nothing is told of her.
    assert "Rikke" not in at_choice.page


def test_from_the_form_to_the_receiver(at_choice):
    found = boxes(at_choice.page)
    form = at_choice.main_form()
    for name in ("Kirsten", "Aya", "Nancy Ann"):
        form[shown_by(name, found)].checked = True
    at_choice.submit(form=form)
    summary = at_choice.submit()
    assert "Aya Test Berggren" in summary
    assert "Lars Test Berggren" not in summary.html.find("main").get_text()
    receipt = at_choice.submit()
    assert "/kvittering/" in receipt.request.path
    assert "Nancy Ann Test Berggren" in receipt
    with at_choice.town.work() as work:
        identity = receipt.request.path.rpartition("/")[2]
        case = work.submissions.get(identity)
    (answer,) = (a for g in case.groups for a in g.answers if a.field == "movers")
    assert answer.value == [one.key for one in answer.persons]
    assert [(one.person.name.split()[0], str(one.basis)) for one in answer.persons] == [
        ("Kirsten", "self"),
        ("Aya", "custody"),
        ("Nancy", "household"),
    ]
    assert [one.person.cpr.reveal() for one in answer.persons] == [
        "2911829996",
        "0505239996",
        "2512489996",
    ]
    assert str(case.parties.basis) == "self"


def test_no_number_is_on_a_page_or_in_what_is_kept(at_choice):
    form = at_choice.main_form()
    form["movers.other-1"].checked = True
    page = at_choice.submit(form=form)
    with at_choice.town.work() as work:
        draft = work.drafts.unfinished(KIRSTEN, "flytning")
    assert draft.answers["movers"] == ["other-1"]
    assert "2512489996" not in json.dumps(draft.answers)
    assert "2512489996" not in page.text


@pytest.mark.parametrize("locale", LANGUAGES)
def test_without_the_register_there_is_another_way(make_moving, monkeypatch, locale):
    down = [True]
    honest = DemoRegister.household

    def household(self, cpr):
        if down[0]:
            raise Unavailable("down")
        return honest(self, cpr)

    monkeypatch.setattr(DemoRegister, "household", household)
    town = make_moving(
        lambda text: text.replace("[step.who.movers]", "[step.who.movers]\nwith_self = false")
    )
    browser, prefix = town.browser(), "" if locale == "da" else "/en"
    browser.log_in("kirsten", solution="flytning")
    browser.get(f"{prefix}/flytning/trin/date")
    page = browser.submit(status=503, why="Nyt job")
    notice = texts_for(locale).notice("register_needed", alternative="")
    assert page.html.h1.get_text(strip=True) == notice.heading
    assert "12 34 56 78" in page
    assert [str(one) for one in breaches(page.text, PageKind.MESSAGE)] == []
    again = page.html.main.find("a")["href"]
    assert again == f"{prefix}/flytning"
    down[0] = False
    browser.get(again)
    page = browser.submit()
    assert page.request.path.endswith("/trin/who"), "the answer before it is kept"
    assert "Aya Test Berggren" in page


def test_without_the_register_one_can_still_choose_oneself(make_moving, monkeypatch):
    def down(_self, _cpr):
        raise Unavailable("down")

    monkeypatch.setattr(DemoRegister, "household", down)
    browser = make_moving().browser()
    browser.log_in("kirsten", solution="flytning")
    page = browser.submit(why="Nyt job")
    assert list(boxes(page)) == ["movers.self"]
    told = page.html.find("main").get_text()
    assert texts_for("da").notice("register_unavailable").paragraphs[0] in told
    assert "12 34 56 78" in told


@pytest.fixture
def openings(monkeypatch):
    """How often a household was asked to open."""
    found = []
    honest = SealedHousehold.opened

    def counted(household):
        found.append(household)
        return honest(household)

    monkeypatch.setattr(SealedHousehold, "opened", counted)
    # As in another process, which has opened nothing yet.
    monkeypatch.setattr(Remembered, "get", lambda *_: None)
    return found


def opened_by(openings, ask):
    openings.clear()
    ask()
    return len(openings)


def test_the_household_is_opened_where_it_is_told_of_and_nowhere_else(at_choice, openings):
    form = at_choice.main_form()
    form["movers.self"].checked = True
    assert opened_by(openings, lambda: at_choice.submit(form=form)) > 0
    for step, is_told in (("date", False), ("who", True), ("more", False)):
        count = opened_by(openings, lambda s=step: at_choice.get(f"/flytning/trin/{s}"))
        assert (count > 0) == is_told, step
    assert opened_by(openings, lambda: at_choice.app.post(*_sent(at_choice))) == 0
    assert opened_by(openings, lambda: at_choice.get("/flytning/opsummering")) > 0


def _sent(browser):
    """The form of the step that is shown, as it is posted; the answer leads on."""
    form = browser.main_form()
    return browser.page.request.path, form.submit_fields()


@pytest.mark.parametrize(
    ("key", "is_told"),
    [
        ("required = false", False),
        ("visible = { movers.count = { at_least = 1 } }", True),
        ("required = { movers.with_self = true }", True),
    ],
)
def test_where_a_condition_asks_about_people_it_is_opened_everywhere(
    make_moving, openings, key, is_told
):
    """Control: what is not opened would otherwise be wrong."""
    town = make_moving(
        lambda text: (
            text.replace("required = false", key)
            if key.startswith("required")
            else text.replace("required = false", f"required = false\n{key}")
        )
    )
    browser = town.browser()
    browser.log_in("kirsten", solution="flytning")
    assert (opened_by(openings, lambda: browser.get("/flytning/trin/date")) > 0) == is_told


def test_one_who_moves_away_meanwhile_is_asked_about_again(at_choice, monkeypatch):
    form = at_choice.main_form()
    form["movers.other-1"].checked = True
    at_choice.submit(form=form)
    honest = DemoRegister.household
    monkeypatch.setattr(
        DemoRegister,
        "household",
        lambda self, cpr: dataclasses.replace(honest(self, cpr), others=()),
    )
    page = at_choice.town.browser().log_in("kirsten", solution="flytning")
    assert page.request.path.endswith("/trin/who")


def test_where_nothing_asks_about_the_household_it_is_not_kept(make_moving):
    browser = make_moving().browser()
    browser.log_in("kirsten", solution="flytning")
    browser.get("/sundhedskort")
    browser.submit()
    with browser.town.work() as work:
        moving, card = (
            work.drafts.unfinished(KIRSTEN, one) for one in ("flytning", "sundhedskort")
        )
    assert [other.name for other in moving.people().others] == ["Nancy Ann Test Berggren"]
    assert card.people().others == ()
    assert len(card.people().children) == 4
