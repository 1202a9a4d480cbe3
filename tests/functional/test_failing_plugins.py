"""A component that fails stays its own: citizens are answered, and nothing is lost."""

from __future__ import annotations

import datetime
import threading
import time
from contextlib import contextmanager

import pytest

from selvbetjening_core.composition.gateway import unguarded
from selvbetjening_core.composition.receiver_rules import COMMON_RULES
from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IDelivery, IIdentity, IPayment, IPrefill, IReceipt
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_demo.people import load_citizens

CPR = load_citizens().by_id("kirsten").person.cpr.reveal()
DEADLINE = 0.3
HANGS = 60.0
BUDGET = 30.0
LATER = datetime.timedelta(minutes=2)


def hang(_given):
    threading.Event().wait(HANGS)
    # By then another test is running, whose log is not to tell of it.
    raise Unavailable("nobody waits for it any more")


def recurse(given):
    return recurse(given)


def leave(_given):
    raise SystemExit(3)


def fail(given):
    raise ValueError(f"{CPR} {given!r}")


def lie(given):
    return {"anything": given}


FAULTS = {"hang": hang, "recurse": recurse, "exit": leave, "raise": fail, "lie": lie}


@contextmanager
def broken(town, contract, name, method, fault, code="0773"):
    """One method of one component in one municipality misbehaves."""
    stand_in = town.application.composition.municipalities[code].named(contract, name)
    call, component = getattr(stand_in, method), unguarded(stand_in)
    seconds = call._seconds
    call._seconds = DEADLINE
    setattr(component, method, FAULTS[fault])
    began = time.monotonic()
    yield
    assert time.monotonic() - began < BUDGET
    delattr(component, method)
    call._seconds = seconds


@pytest.fixture(params=sorted(FAULTS))
def fault(request):
    return request.param


@pytest.fixture(autouse=True)
def nothing_personal_is_logged(caplog):
    yield
    assert CPR not in caplog.text
    assert "Berggren" not in caplog.text


def order(town, name="mors"):
    """A whole journey, to the receipt."""
    browser = town.browser(name)
    browser.log_in("kirsten")
    browser.answer()
    return browser, browser.get(browser.pay(browser.accept()))


def states(town, code="0773"):
    with town.work(code) as work:
        return work.deliveries.count_by_state()


def test_a_login_that_cannot_begin(town, fault):
    browser = town.browser()
    with broken(town, IIdentity, "login", "begin", fault):
        browser.get("/sundhedskort")
        page = browser.submit(status=503)
        assert "Du kan ikke logge ind lige nu" in page
        assert "Log af" not in page
        town.browser("aarhus").log_in("kirsten")
    order(town)


def test_a_login_that_cannot_be_read_lets_nobody_in(town, fault):
    browser = town.browser()
    browser.get("/sundhedskort")
    away = browser.main_form().submit()
    with broken(town, IIdentity, "login", "complete", fault):
        page = browser.at_login(away.location, status=503, person="kirsten", level="substantial")
        assert "Du kan ikke logge ind lige nu" in page
        town.browser("aarhus").log_in("kirsten")
    assert town.counts() == (0, 0)
    order(town)


def test_without_the_register_the_journey_goes_on(town, fault):
    with broken(town, IPrefill, "people", "household", fault):
        _, receipt = order(town)
    assert "Kirsten Test Berggren" in receipt
    assert town.counts() == (1, 1)


def test_a_payment_that_cannot_begin(town, fault):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    with broken(town, IPayment, "card", "begin", fault):
        page = browser.submit()
        assert "Du kan ikke betale lige nu" in page
    away = browser.form_with(action="continue").submit(status=303)
    receipt = browser.get(browser.pay(away.location))
    assert "/kvittering/" in receipt.request.path
    assert town.counts() == (1, 1)


def test_a_payment_that_cannot_be_asked_about_is_never_taken_for_paid(town, fault):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer()
    url = browser.accept()
    back = browser.pay(url, "silent")
    assert back == ""
    with broken(town, IPayment, "card", "query", fault):
        town.clock.ahead = LATER
        town.application.reconcile()
        assert town.counts() == (1, 0)
    town.application.reconcile()
    assert town.counts() == (1, 1)


def test_a_receipt_that_cannot_be_made(town, fault):
    with broken(town, IReceipt, "receipt", "issue", fault):
        browser, receipt = order(town)
        document = f"{receipt.request.path}/dokument"
        assert "/kvittering/" in receipt.request.path
        assert browser.app.get(document, status="*").status_int in (404, 503)
        town.application.engine.drain()
        assert states(town) == {DeliveryState.WAITING: 2}
    town.clock.ahead = LATER
    town.application.engine.drain()
    assert states(town) == {DeliveryState.DELIVERED: 2}
    assert len(town.journal()) == 1


def test_a_delivery_that_fails_is_tried_again(town, fault):
    with broken(town, IDelivery, "journal", "send", fault):
        order(town)
        order(town, "aarhus")
        town.application.engine.drain()
        assert states(town) == {DeliveryState.WAITING: 2}
        assert states(town, "0751") == {DeliveryState.DELIVERED: 2}
    town.clock.ahead = LATER
    town.application.engine.drain()
    assert states(town) == {DeliveryState.DELIVERED: 2}
    assert len(town.journal()) == 1


def test_a_delivery_that_changes_and_keeps_what_it_is_handed(town, caplog):
    kept = []

    def keep(parcel):
        kept.append(parcel)
        parcel.case.texts.clear()
        object.__setattr__(parcel.case.parties.actor.cpr, "_digits", "0000000000")
        raise ValueError(parcel.case.parties.actor.name)

    component = unguarded(
        town.application.composition.municipalities["0773"].named(IDelivery, "journal")
    )
    component.send = keep
    _, receipt = order(town)
    town.application.engine.drain()
    del component.send
    town.clock.ahead = LATER
    town.application.engine.drain()
    assert kept
    assert "ValueError" in caplog.text
    (case,) = town.journal()
    assert CPR in case.read_text("utf-8")
    assert "0000000000" not in case.read_text("utf-8")
    assert "Kirsten Test Berggren" in receipt


def test_what_hangs_for_good_stops_at_its_limit_and_harms_nobody_else(town, eventually):
    """Some abandoned calls; then its receiver rests, and everybody else is served."""
    released = threading.Event()
    journal = town.application.composition.municipalities["0773"].named(IDelivery, "journal")
    component = unguarded(journal)
    called = []
    rests_after = COMMON_RULES.rest_after_failures
    component.send = lambda parcel: called.append(parcel.key) or released.wait()
    patient, journal.send._seconds = journal.send._seconds, 0.05
    for _ in range(10):
        browser = town.browser()
        browser.log_in("kirsten")
        browser.answer()
        browser.get(browser.pay(browser.accept()))
    town.application.engine.drain()
    eventually(lambda: len(called) == rests_after)
    assert states(town)[DeliveryState.WAITING] == 20
    order(town, "aarhus")
    town.application.engine.drain()
    assert states(town, "0751") == {DeliveryState.DELIVERED: 2}
    released.set()
    del component.send
    journal.send._seconds = patient
    eventually(lambda: free_places(journal) == 8)
    town.clock.ahead = LATER
    town.application.engine.drain()
    assert states(town) == {DeliveryState.DELIVERED: 20}
    assert len(called) == rests_after
    assert len(town.journal()) == 10


def free_places(stand_in):
    """How many calls of the component may begin now; at most eight are looked for."""
    taken = [place for _ in range(8) if (place := stand_in.send._places.take())]
    for place in taken:
        place.release()
    return len(taken)


def test_two_components_of_one_plugin_fail_apart(town):
    """The control: what is broken is one component, not its plugin or its municipality."""
    with broken(town, IDelivery, "post", "send", "raise"):
        order(town)
        town.application.engine.drain()
        assert states(town) == {DeliveryState.DELIVERED: 1, DeliveryState.PARKED: 1}
        assert len(town.journal()) == 1
