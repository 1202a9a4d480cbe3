from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from selvbetjening_core.journey.records import PaymentOutcome
from selvbetjening_core.values import PaymentState, PaymentStatus

S = PaymentStatus
FORWARD = {
    (S.INTENDED, S.PENDING),
    (S.INTENDED, S.DECLINED),
    (S.INTENDED, S.CANCELLED),
    (S.INTENDED, S.PAID),
    (S.INTENDED, S.REFUNDED),
    (S.PENDING, S.DECLINED),
    (S.PENDING, S.CANCELLED),
    (S.PENDING, S.PAID),
    (S.PENDING, S.REFUNDED),
    # Money that came late after all has come.
    (S.DECLINED, S.PAID),
    (S.CANCELLED, S.PAID),
    (S.DECLINED, S.REFUNDED),
    (S.CANCELLED, S.REFUNDED),
    (S.PAID, S.REFUNDED),
}


def _news(payment, status, **more):
    return PaymentState(payment.key, status, payment.amount, payment.reference, "P-9", **more)


def test_a_payment_comes_back_as_it_was(store, payment):
    with store.transaction("0773") as work:
        work.payments.add(payment)
        work.payments.set_provider_reference("p1", "P-1")
    with store.transaction("0773") as work:
        found = replace(payment, provider_reference="P-1")
        assert work.payments.get("p1") == found
        assert work.payments.by_key("card", "pay-key-1") == found
        assert work.payments.by_key("other", "pay-key-1") is None
    with store.transaction("0851") as work:
        assert work.payments.get("p1") is None
        assert work.payments.by_key("card", "pay-key-1") is None


def test_a_key_is_used_once_at_a_component(store, payment):
    with store.transaction("0773") as work:
        work.payments.add(payment)
        work.payments.add(replace(payment, id="p2", component="other"))
    with pytest.raises(IntegrityError), store.transaction("0773") as work:
        work.payments.add(replace(payment, id="p3"))


@pytest.mark.parametrize("old", S)
@pytest.mark.parametrize("new", S)
def test_the_way_of_a_payment_is_one_way(store, payment, now, old, new):
    with store.transaction("0773") as work:
        work.payments.add(replace(payment, status=old))
        moved = work.payments.record("p1", _news(payment, new, method="visa"), now)
        found = work.payments.get("p1")
    assert moved is ((old, new) in FORWARD)
    if moved:
        assert (found.status, found.provider_reference, found.method) == (new, "P-9", "visa")
    else:
        assert found == replace(payment, status=old)


def test_paid_keeps_the_providers_time_and_later_news_keeps_it(store, payment, now):
    paid_at = now.replace(hour=11)
    with store.transaction("0773") as work:
        work.payments.add(payment)
        work.payments.record("p1", _news(payment, S.PAID, changed_at=paid_at), now)
        work.payments.record("p1", _news(payment, S.REFUNDED), now)
        assert work.payments.get("p1").paid_at == paid_at


def test_the_open_the_given_up_and_the_stray_are_listed(store, payment, now):
    early = now.replace(hour=1)
    with store.transaction("0773") as work:
        work.payments.add(payment)
        for number, status in enumerate((S.PENDING, S.PAID, S.DECLINED, S.CANCELLED), start=2):
            work.payments.add(
                replace(payment, id=f"p{number}", key=f"k{number}", status=status, created_at=early)
            )
        assert [one.id for one in work.payments.unsettled(now)] == ["p2"]
        assert [one.id for one in work.payments.unsettled(now.replace(hour=13))] == ["p2", "p1"]
        assert [one.id for one in work.payments.given_up(early.replace(hour=0))] == ["p4", "p5"]
        assert list(work.payments.given_up(now)) == []
        assert list(work.payments.strays()) == []
        assert work.payments.set_outcome("p3", PaymentOutcome.STRAY)
        assert [one.id for one in work.payments.strays()] == ["p3"]
        assert not work.payments.set_outcome("p3", PaymentOutcome.SUBMITTED)
        assert work.payments.set_outcome("p2", PaymentOutcome.DISPUTED)
        assert list(work.payments.unsettled(now)) == []
    with store.transaction("0851") as work:
        assert list(work.payments.unsettled(now)) == []
