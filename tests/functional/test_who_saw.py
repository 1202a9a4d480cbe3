"""Who saw or changed what is written down, and shown to those who watch over it."""

from __future__ import annotations

import pytest

from selvbetjening_core.delivery.history import history_of_person
from selvbetjening_core.journey.audit import AuditPurpose, AuditWanted
from selvbetjening_core.values import Basis, CprNumber
from walking.troubles import make_troubles

KIRSTEN = "demo-kirsten"
NANCY = CprNumber("2512489996")
SUBMISSION, DELIVERY = "s-refused", "refused"
PAGE, LOG = f"/-/drift/henvendelse/{SUBMISSION}", f"/-/drift/henvendelse/{SUBMISSION}/log"


@pytest.fixture
def busy(town):
    """A town where deliveries are in every kind of trouble."""
    make_troubles(town.application)
    return town


@pytest.fixture
def kirsten(busy):
    """A browser in which she has logged in."""
    browser = busy.browser()
    browser.get("/-/drift", 403)
    away = next(form for form in browser.forms() if form.action.endswith("log-ind"))
    login = away.submit(status=303).location
    browser.at_login(login, 200, person=KIRSTEN, level="substantial")
    return browser


def lines(town, **wanted):
    with town.work() as work:
        return [
            (one.event, one.subject, one.detail, one.actor, one.way)
            for one in work.audit.lines(AuditWanted(**wanted))
        ]


def test_every_look_of_staff_is_written_down_with_who_it_was(busy, kirsten):
    kirsten.get(PAGE)
    kirsten.get(f"/-/drift/levering/{DELIVERY}")
    kirsten.get("/-/drift/leveringer.csv")
    found = lines(busy, actor=KIRSTEN)
    events = ["receiver-paused", "staff-login", "submission-seen", "delivery-seen", "exported"]
    assert [one[0] for one in found] == events
    assert found[2] == ("submission-seen", SUBMISSION, "", KIRSTEN, "staff")
    assert found[3] == ("delivery-seen", SUBMISSION, DELIVERY, KIRSTEN, "staff")


def test_a_search_is_written_down_and_not_what_was_searched_for(busy, kirsten):
    kirsten.get("/-/drift")
    form = next(one for one in kirsten.forms() if one.action.endswith("/find"))
    form["number"] = "2512484916"
    form.submit(status=200)
    (line,) = lines(busy, event="searched")
    assert line == ("searched", "search", "none", KIRSTEN, "staff")


def test_what_is_not_there_was_not_seen(busy, kirsten):
    kirsten.get("/-/drift/henvendelse/none", 404)
    kirsten.get("/-/drift/levering/none", 404)
    assert [one[0] for one in lines(busy, actor=KIRSTEN)][1:] == ["staff-login"]


def test_who_watches_over_it_sees_every_look_their_own_included(busy, kirsten):
    kirsten.get(PAGE)
    page = kirsten.get(LOG)
    for told in ("Så henvendelsen", "Så denne liste", KIRSTEN, "Sider for medarbejdere"):
        assert told in page.text
    assert [one[0] for one in lines(busy, subjects=(SUBMISSION,))][-1] == "audit-seen"


def test_why_it_was_seen_stands_there_in_the_language_of_the_page(busy, kirsten):
    kirsten.get(PAGE)
    with busy.work() as work:
        work.audit.add("receipt-seen", SUBMISSION, work.now(), purpose=Basis.CUSTODY)
        work.audit.add("submitted", SUBMISSION, work.now(), purpose="sundhedskort")
    page = kirsten.get(LOG).text
    for told in ("Drift af leveringer", "Tilsyn", "Forælder med forældremyndighed", "sundhedskort"):
        assert told in page
    for kept in (*AuditPurpose, Basis.CUSTODY):
        assert str(kept) not in page


def test_an_operator_who_is_no_auditor_does_not_see_it(busy, kirsten):
    assert f'href="{LOG}"' in kirsten.get(PAGE).text
    busy.provider.control(claims={"roles": "operator"})
    other = busy.browser()
    other.get("/-/drift", 403)
    away = next(form for form in other.forms() if form.action.endswith("log-ind"))
    other.at_login(away.submit(status=303).location, 200, person=KIRSTEN, level="substantial")
    assert LOG not in other.get(PAGE).text
    other.get(LOG, 403)


def test_a_citizen_can_be_told_who_has_seen_their_data(busy):
    citizen = busy.browser()
    citizen.log_in("nancy_ann")
    with busy.work() as work:
        own = {line.event: line for line in history_of_person(work, NANCY, 100)}
    assert {"login", "register-asked"} <= set(own)
    asked = own["register-asked"]
    assert (asked.subject, asked.way, asked.purpose) == ("people", "citizen", "sundhedskort")
    stranger = CprNumber("0505159995")
    with busy.work() as work:
        assert history_of_person(work, stranger, 100) == []


def test_no_line_holds_a_cpr_number(busy, kirsten):
    citizen = busy.browser()
    citizen.log_in("nancy_ann")
    kirsten.get(PAGE)
    with busy.work() as work:
        found = work.audit.lines(AuditWanted())
    assert len(found) > 4
    assert not [line for line in found if NANCY.reveal() in repr(line)]
