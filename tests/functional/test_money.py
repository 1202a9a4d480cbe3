"""Money and submission agree, whatever becomes of the way between them."""

from __future__ import annotations

import dataclasses
import datetime
import threading

import pytest

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.journey.payments import settle, take_over
from selvbetjening_core.values import PaymentRef, PaymentStatus
from selvbetjening_core.web.views import payment as payment_views
from selvbetjening_demo.payment import DemoPayment

HOUR = datetime.timedelta(hours=1)


def to_summary(town, name="mors", person="kirsten"):
    browser = town.browser(name)
    browser.log_in(person)
    browser.answer()
    return browser


def only_payment(town, code="0773"):
    with town.work(code) as work:
        open_ones = work.payments.unsettled(town.clock() + HOUR)
        given_up = work.payments.given_up(town.clock() - 24 * HOUR)
    (payment,) = [*open_ones, *given_up]
    return payment


def in_our_book(town, payment, code="0773"):
    with town.work(code) as work:
        return work.payments.get(payment.id)


def said_by_provider(town, payment, code="0773"):
    component = town.application.journey(code).municipality.named(IPayment, payment.component)
    return component.query(PaymentRef(payment.key, payment.provider_reference))


def given_up_then_paid(town):
    """Our book says cancelled; the provider took the money all the same."""
    browser = to_summary(town)
    url = browser.accept()
    payment = only_payment(town)
    browser.pay(url, "silent")
    paid = said_by_provider(town, payment)
    journey = town.application.journey("0773")
    take_over(journey, payment, dataclasses.replace(paid, status=PaymentStatus.CANCELLED))
    assert in_our_book(town, payment).status == "cancelled"
    return browser, payment


def test_money_that_comes_after_giving_up_goes_back(town):
    browser, payment = given_up_then_paid(town)
    page = browser.get(f"/-/payment/{payment.id}")
    assert "Vi sender pengene tilbage" in page
    assert said_by_provider(town, payment).status == "refunded"
    assert in_our_book(town, payment).status == "refunded"
    assert town.counts() == (1, 0)


def test_it_is_found_without_anybody_telling(town):
    _, payment = given_up_then_paid(town)
    assert town.application.reconcile_given_up() == 1
    assert said_by_provider(town, payment).status == "refunded"


def test_a_refund_that_fails_is_tried_again(town, monkeypatch):
    browser, payment = given_up_then_paid(town)
    honest = DemoPayment.refund

    def down(*_):
        raise Unavailable("no answer")

    monkeypatch.setattr(DemoPayment, "refund", down)
    page = browser.get(f"/-/payment/{payment.id}")
    assert "Vi sender pengene tilbage" in page
    town.application.reconcile()
    assert said_by_provider(town, payment).status == "paid"
    monkeypatch.setattr(DemoPayment, "refund", honest)
    town.application.reconcile()
    assert said_by_provider(town, payment).status == "refunded"
    assert in_our_book(town, payment).status == "refunded"


def test_a_refund_counts_only_when_the_provider_says_so(town, monkeypatch):
    browser, payment = given_up_then_paid(town)
    monkeypatch.setattr(DemoPayment, "refund", lambda self, change: self.query(change.payment))
    browser.get(f"/-/payment/{payment.id}")
    assert in_our_book(town, payment).status == "paid"


def test_giving_up_while_the_way_to_the_provider_is_slow(town, monkeypatch):
    """Window 1 is on its way to pay while window 2 gives up: money that comes goes back."""
    browser = to_summary(town)
    town.provider.control(down=True)
    browser.submit()
    town.provider.control(down=False)
    go_on, give_up = browser.form_with(action="continue"), browser.form_with(action="give_up")
    honest = DemoPayment.begin
    entered, gate = threading.Event(), threading.Event()

    def slow(self, order):
        entered.set()
        gate.wait(10)
        return honest(self, order)

    monkeypatch.setattr(DemoPayment, "begin", slow)
    answers = []
    window = threading.Thread(target=lambda: answers.append(go_on.submit(status=303)))
    window.start()
    entered.wait(10)
    give_up.submit(status=303)
    gate.set()
    window.join()
    page = browser.get(browser.pay(answers[0].location))
    assert "Vi sender pengene tilbage" in page
    assert town.counts() == (1, 0)


def test_a_payment_that_does_not_match_is_told_and_left_to_a_person(town):
    browser = to_summary(town)
    town.provider.control(wrong_amount=True)
    page = browser.get(browser.pay(browser.accept()))
    assert "Betalingen skal ses efter" in page
    assert not [form for form in browser.forms() if "action" in form.fields]
    for hours in range(1, 60, 7):
        town.clock.ahead = hours * HOUR
        assert town.application.reconcile() == 0
    town.clock.ahead = datetime.timedelta()
    assert "Betalingen skal ses efter" in town.browser().log_in("kirsten")


def rename_payment_component(installation, code="0751"):
    file = installation / "municipalities" / f"{code}.toml"
    text = file.read_text("utf-8").replace("[component.phone_payment]", "[component.mobile]")
    file.write_text(text.replace('payment = "phone_payment"', 'payment = "mobile"'), "utf-8")


def test_one_payment_that_cannot_be_asked_about_stops_no_other(make_town, installation):
    town = make_town()
    for name, person in (("mors", "kirsten"), ("aarhus", "ruddi")):
        browser = to_summary(town, name, person)
        browser.pay(browser.accept(), "silent")
    rename_payment_component(installation)
    later = make_town()
    later.clock.ahead = HOUR
    later.application.reconcile()
    assert later.counts("0773") == (1, 1)
    assert later.counts("0751") == (1, 0)
    # With the component back, the other is found, too.
    town.clock.ahead = HOUR
    town.application.reconcile()
    assert town.counts("0751") == (1, 1)


def test_the_return_page_stands_although_the_component_is_gone(make_town, installation):
    town = make_town()
    browser = to_summary(town, "aarhus", "ruddi")
    browser.pay(browser.accept(), "silent")
    payment = only_payment(town, "0751")
    rename_payment_component(installation)
    browser.app.app = make_town().app
    assert "Vi venter på svar om din betaling" in browser.get(f"/-/payment/{payment.id}")


def test_a_solution_withdrawn_while_somebody_pays(make_town, installation):
    """What was accepted is submitted, and goes where it was to go."""
    town = make_town()
    browser = to_summary(town)
    browser.pay(browser.accept(), "silent")
    file = installation / "municipalities" / "0773.toml"
    text = file.read_text("utf-8")
    kept = text[: text.index("case_system")] + "\n[solutions]\n"
    file.write_text(kept.replace('payment      = "card"\n', ""), "utf-8")
    later = make_town()
    assert not later.application.composition.municipalities["0773"].solutions
    later.clock.ahead = HOUR
    later.application.reconcile()
    assert later.counts() == (1, 1)
    later.application.engine.drain()
    assert len(later.journal()) == 1


def test_the_record_is_of_the_definition_that_was_accepted(make_town, own_solution):
    town = make_town()
    browser = to_summary(town)
    browser.pay(browser.accept(), "silent")
    before = town.application.journey("0773").offered("sundhedskort").solution
    own_solution.write_text(
        own_solution.read_text("utf-8").replace('"2026.1"', '"2026.2"'), "utf-8"
    )
    later = make_town()
    later.clock.ahead = HOUR
    later.application.reconcile()
    later.application.engine.drain()
    (file,) = later.journal()
    assert '"definition_version": "2026.1"' in file.read_text("utf-8")
    assert before.version == "2026.1"


@pytest.mark.parametrize("language", ["", "/en"])
def test_another_language_while_paying(town, language):
    browser = to_summary(town)
    browser.accept()
    browser.get(f"{language}/sundhedskort/betaling")
    away = browser.form_with(action="continue").submit(status=303)
    assert away.location.startswith(town.provider.url)


def test_a_double_click_on_pay_leads_on(town):
    form = to_summary(town).main_form()
    form.submit(status=303)
    second = form.submit(status=303)
    assert second.location.endswith("/sundhedskort/betaling")


def test_reloading_the_waiting_page_after_the_message_leads_to_the_receipt(town, eventually):
    browser = to_summary(town)
    browser.get(browser.pay(browser.accept(), "late"))
    eventually(lambda: town.counts() == (1, 1))
    for page in ("betaling", "opsummering", "trin/person"):
        assert "/kvittering/" in browser.get(f"/sundhedskort/{page}").request.path


def test_session_lost_at_the_return(town):
    browser = to_summary(town)
    back = browser.pay(browser.accept())
    browser.app.reset()
    page = browser.get(back)
    assert "Log ind" in page.html.main.get_text()
    browser.get("/sundhedskort")
    away = browser.main_form().submit(status=303)
    page = browser.at_login(away.location, person="kirsten", level="substantial")
    assert "Du har allerede sendt" in page
    assert town.counts() == (1, 1)
    link = page.html.main.find("a", href=lambda href: href and "/kvittering/" in href)
    assert "225,00" in browser.get(link["href"])


def test_a_message_that_comes_while_the_waiting_page_is_made(town, monkeypatch):
    browser = to_summary(town)
    url = browser.accept()
    seen = payment_views.current_draft
    before = []

    def stale(request):
        """The draft as it was before the payment was settled."""
        if not before:
            before.append(seen(request))
            browser.pay(url, "silent")
            settle(request.journey, before[0].payment_id)
        return before[0]

    monkeypatch.setattr(payment_views, "current_draft", stale)
    assert "Kvitteringsnummer" in browser.get("/sundhedskort/betaling")
