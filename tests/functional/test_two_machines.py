"""Two applications on one PostgreSQL, as on two machines; and two engines, one after the other."""

from __future__ import annotations

import dataclasses
import threading

import pytest

from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.journey.payments import take_over
from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import PaymentRef, PaymentStatus

CODE = "0773"
ENGINE = '\n[delivery]\nengine = "procrastinate"\n'


@pytest.fixture
def config(installation, postgres_url, monkeypatch):
    """The installation's file, with a PostgreSQL database."""
    monkeypatch.setenv("SELVBETJENING_DATABASE", postgres_url)
    file = installation / "selvbetjening.toml"
    text = file.read_text("utf-8")
    text = text.replace('"sqlite:///var/selvbetjening.sqlite"', '"env:SELVBETJENING_DATABASE"')
    file.write_text(text, "utf-8")
    return file


@pytest.fixture
def towns(config, make_town):  # noqa: ARG001 - it is written first
    """The same town on two machines."""
    return make_town(), make_town()


def at_once(*calls):
    """Their answers; they begin at the same moment."""
    gate = threading.Barrier(len(calls))
    answers = []

    def run(call):
        gate.wait()
        answers.append(call())

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def order(town, cause="married"):
    browser = town.browser()
    browser.log_in("kirsten")
    browser.answer(cause=cause)
    return browser


def states(town):
    with town.work() as work:
        return dict(work.deliveries.count_by_state())


def wait_for(town, eventually, state=DeliveryState.DELIVERED):
    return eventually(lambda: set(states(town)) == {state}, 30)


def test_a_payment_that_two_machines_find_is_one_submission(towns):
    one, two = towns
    browser = order(one, cause="lost")
    browser.pay(browser.accept(), "silent")
    found = at_once(
        *(lambda town=town: town.application.reconcile(-one.clock.ahead) for town in towns)
    )
    assert sum(found) >= 1
    assert one.counts() == (1, 1)
    one.application.engine.drain()
    assert set(states(two)) == {DeliveryState.DELIVERED}
    assert len(one.journal()) == 1


def test_money_that_two_machines_find_for_nothing_goes_back_once(towns):
    one, two = towns
    browser = order(one, cause="lost")
    url = browser.accept()
    with one.work() as work:
        (payment,) = work.payments.unsettled(work.now())
    browser.pay(url, "silent")
    journey = one.application.journey(CODE)
    component = journey.municipality.named(IPayment, payment.component)
    paid = component.query(PaymentRef(payment.key, payment.provider_reference))
    take_over(journey, payment, dataclasses.replace(paid, status=PaymentStatus.CANCELLED))
    at_once(*(town.application.reconcile_given_up for town in towns))
    with two.work() as work:
        assert work.payments.get(payment.id).status is PaymentStatus.REFUNDED
        told = [line.event for line in work.audit.about(payment.id)]
    assert told.count("refunded") == 1
    assert one.counts() == (1, 0)


def test_what_is_done_regularly_is_done_by_one_of_them(towns):
    due = at_once(*(town.application.upkeep.run_due for town in towns))
    assert sum(due) > 0
    assert sum(town.application.upkeep.run_due() for town in towns) == 0


def test_from_the_embedded_engine_to_procrastinate_with_work_waiting(config, make_town, eventually):
    before = make_town()
    order(before).accept()
    assert set(states(before)) == {DeliveryState.WAITING}
    before.application.close()
    config.write_text(config.read_text("utf-8") + ENGINE, "utf-8")
    after = make_town()
    after.application.engine.start()
    wait_for(after, eventually)
    assert len(after.journal()) == 1


def test_from_procrastinate_to_the_embedded_engine_and_back(config, make_town, eventually):
    plain = config.read_text("utf-8")
    config.write_text(plain + ENGINE, "utf-8")
    before = make_town()
    order(before).accept()
    before.application.close()
    config.write_text(plain, "utf-8")
    embedded = make_town()
    embedded.application.engine.start()
    wait_for(embedded, eventually)
    embedded.application.close()
    config.write_text(plain + ENGINE, "utf-8")
    again = make_town()
    # The jobs of what has been delivered meanwhile are still there, and do nothing.
    again.application.engine.start()
    browser = again.browser()
    browser.log_in("nancy_ann")
    browser.answer(cause="married")
    browser.accept()
    wait_for(again, eventually)
    assert len(again.journal()) == 2


def test_a_submission_is_delivered_soon_after_its_commit(config, make_town, eventually):
    config.write_text(config.read_text("utf-8") + ENGINE, "utf-8")
    town = make_town()
    town.application.engine.start()
    order(town).accept()
    wait_for(town, eventually)
    with town.work() as work:
        jobs = work.driver_connection.execute("SELECT * FROM procrastinate.procrastinate_jobs")
        assert jobs.fetchall() == []
