from __future__ import annotations

import datetime
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from zope.interface.verify import verifyObject

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.values import (
    Message,
    Money,
    PaymentChange,
    PaymentOrder,
    PaymentRef,
    PaymentStatus,
)
from selvbetjening_demo.payment import DemoPayment
from selvbetjening_demo.signing import signature

FEE = Money(22500)


@pytest.fixture
def payment(make_context, provider):
    return DemoPayment(
        make_context(provider=provider.url, secret=provider.secret, timeout=5, brand="Kortbetaling")
    )


@pytest.fixture
def order(receiver):
    return PaymentOrder(
        key="key-1",
        reference="MORS-17",
        amount=FEE,
        text="Nyt sundhedskort",
        return_url="http://mors.localhost:6543/betaling/17",
        message_url=receiver.url,
        locale="da",
    )


def as_message(headers, body):
    now = datetime.datetime.now(datetime.UTC)
    return Message("http://mors.localhost/messages/card", "POST", {}, headers, body, now)


def test_it_keeps_its_contract(payment):
    assert verifyObject(IPayment, payment)


def test_a_payment_from_beginning_to_end(payment, order, receiver, visit):
    challenge = payment.begin(order)
    page = visit(challenge.url)
    for shown in ("ikke en rigtig betaling", "225,00 kr.", "Nyt sundhedskort", "MORS-17"):
        assert shown in page.text
    assert payment.query(PaymentRef("key-1")).status is PaymentStatus.PENDING
    assert visit(challenge.url, {"action": "pay"}).location == order.return_url
    state = payment.query(PaymentRef("key-1", challenge.reference))
    assert (state.status, state.amount, state.reference) == (PaymentStatus.PAID, FEE, "MORS-17")
    assert (state.key, state.provider_reference) == ("key-1", challenge.reference)
    assert state.method == "Dankort (demo)"
    assert state.changed_at.tzinfo is not None
    [(headers, body)] = receiver.wait_for(1)
    reply = payment.notice(as_message(headers, body))
    assert (reply.status, reply.keys) == (200, ("key-1",))


def test_a_repeated_begin_is_the_same_payment(payment, order):
    assert payment.begin(order) == payment.begin(order)


def test_many_begins_at_once_make_one_payment(payment, order):
    with ThreadPoolExecutor(8) as pool:
        challenges = set(pool.map(payment.begin, [order] * 16))
    assert len(challenges) == 1


def test_a_key_used_for_another_order_is_refused(payment, order):
    payment.begin(order)
    with pytest.raises(Unavailable, match="409"):
        payment.begin(replace(order, amount=Money(1)))
    assert payment.query(PaymentRef("key-1")).amount == FEE


@pytest.mark.parametrize(
    ("action", "status"),
    [("decline", PaymentStatus.DECLINED), ("cancel", PaymentStatus.CANCELLED)],
)
def test_what_was_not_paid_is_told_and_stays_so(payment, order, receiver, visit, action, status):
    challenge = payment.begin(order)
    assert visit(challenge.url, {"action": action}).location == order.return_url
    receiver.wait_for(1)
    again = visit(challenge.url, {"action": "pay"})
    assert again.status == 200
    assert "Betalingen er afsluttet" in again.text
    assert payment.query(PaymentRef("key-1")).status is status


def test_a_late_payment_returns_before_it_is_settled(payment, order, receiver, visit):
    challenge = payment.begin(order)
    assert visit(challenge.url, {"action": "late"}).location == order.return_url
    assert payment.query(PaymentRef("key-1")).status is PaymentStatus.PENDING
    assert receiver.received == []
    receiver.wait_for(1)
    assert payment.query(PaymentRef("key-1")).status is PaymentStatus.PAID


def test_a_late_payment_that_was_cancelled_meanwhile_takes_no_money(
    payment, order, receiver, visit
):
    visit(payment.begin(order).url, {"action": "late"})
    payment.cancel(PaymentChange(PaymentRef("key-1"), "cancel-1", FEE))
    [(_, body)] = receiver.wait_for(1)
    assert json.loads(body)["status"] == "cancelled"
    assert payment.query(PaymentRef("key-1")).status is PaymentStatus.CANCELLED


def test_one_message_can_come_twice(payment, order, receiver, visit):
    visit(payment.begin(order).url, {"action": "twice"})
    messages = receiver.wait_for(2)
    replies = [payment.notice(as_message(*message)) for message in messages]
    assert [reply.keys for reply in replies] == [("key-1",), ("key-1",)]


def test_a_closed_browser_leaves_the_message(payment, order, receiver, visit):
    page = visit(payment.begin(order).url, {"action": "message_only"})
    assert (page.status, page.location) == (200, "")
    assert order.return_url not in page.text
    assert "Luk vinduet" in page.text
    receiver.wait_for(1)


def test_silence_leaves_only_the_question(payment, order, provider, visit):
    before = len(provider.messages())
    page = visit(payment.begin(order).url, {"action": "silent"})
    assert (page.status, page.location) == (200, "")
    assert payment.query(PaymentRef("key-1")).status is PaymentStatus.PAID
    assert len(provider.messages()) == before


def test_a_message_nobody_took_is_sent_again(payment, order, receiver, provider, visit):
    receiver.answers = [500, 404]
    visit(payment.begin(order).url, {"action": "message_only"})
    messages = receiver.wait_for(3)
    assert len({body for _, body in messages}) == 1
    deadline = time.monotonic() + 20
    while (answers := provider.messages()[-1]["answers"]) != [500, 404, 200]:
        assert time.monotonic() < deadline, answers
        time.sleep(0.01)


def test_a_page_does_not_wait_for_a_receiver_that_hangs(payment, order, visit):
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}/"
        challenge = payment.begin(replace(order, message_url=url))
        started = time.monotonic()
        assert visit(challenge.url, {"action": "pay"}).status == 303
        # The provider itself would wait ten seconds for it.
        assert time.monotonic() - started < 8


def test_a_message_finds_a_name_under_localhost(payment, order, receiver, visit):
    url = f"http://mors.localhost:{receiver.port}/messages/card"
    visit(payment.begin(replace(order, message_url=url)).url, {"action": "message_only"})
    [(headers, _)] = receiver.wait_for(1)
    assert headers["host"] == f"mors.localhost:{receiver.port}"


def test_a_forged_or_broken_message_names_no_key(payment, provider):
    body = json.dumps({"key": "key-1", "status": "paid"}).encode()
    genuine = {"x-demo-signature": signature(provider.secret, body)}
    assert payment.notice(as_message(genuine, body)).keys == ("key-1",)
    forged = {"x-demo-signature": signature("guess", body)}
    for headers, sent in (
        ({}, body),
        (forged, body),
        ({"x-demo-signature": "\udcff æ"}, body),
        (genuine, body + b" "),
    ):
        reply = payment.notice(as_message(headers, sent))
        assert (reply.status, reply.keys) == (401, ())


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"key": 7}', b"{}"])
def test_a_genuine_message_that_cannot_be_read_names_no_key(payment, provider, body):
    headers = {"x-demo-signature": signature(provider.secret, body)}
    reply = payment.notice(as_message(headers, body))
    assert (reply.status, reply.keys) == (400, ())


def test_an_unknown_payment_is_only_intended(payment):
    for ref in (PaymentRef("never"), PaymentRef("never", "not-there"), PaymentRef("a/b?c", "../x")):
        state = payment.query(ref)
        assert (state.status, state.provider_reference) == (PaymentStatus.INTENDED, "")


def test_a_pending_payment_can_be_cancelled_and_then_not_be_paid(payment, order, visit):
    challenge = payment.begin(order)
    change = PaymentChange(PaymentRef("key-1"), "cancel-1", FEE)
    assert payment.cancel(change).status is PaymentStatus.CANCELLED
    assert payment.cancel(change).status is PaymentStatus.CANCELLED
    visit(challenge.url, {"action": "pay"})
    assert payment.query(PaymentRef("key-1")).status is PaymentStatus.CANCELLED


def test_a_paid_payment_is_not_cancelled(payment, order, visit):
    visit(payment.begin(order).url, {"action": "silent"})
    change = PaymentChange(PaymentRef("key-1"), "cancel-1", FEE)
    assert payment.cancel(change).status is PaymentStatus.PAID


def test_paying_and_cancelling_at_once_ends_in_one_of_them(payment, order, visit):
    for number in range(8):
        one = replace(order, key=f"race-{number}")
        challenge = payment.begin(one)
        change = PaymentChange(PaymentRef(one.key), "cancel", FEE)
        thread = threading.Thread(target=visit, args=(challenge.url, {"action": "silent"}))
        thread.start()
        answered = payment.cancel(change).status
        thread.join()
        ended = payment.query(PaymentRef(one.key)).status
        assert answered is ended
        assert ended in {PaymentStatus.PAID, PaymentStatus.CANCELLED}


def test_captures_change_nothing_and_a_refund_pays_back_once(payment, order, visit):
    visit(payment.begin(order).url, {"action": "silent"})
    ref = PaymentRef("key-1")
    assert payment.capture(PaymentChange(ref, "capture-1", FEE)).status is PaymentStatus.PAID
    part = payment.refund(PaymentChange(ref, "refund-part", Money(100)))
    assert part.status is PaymentStatus.PAID
    whole = PaymentChange(ref, "refund-1", FEE)
    first, second = payment.refund(whole), payment.refund(whole)
    assert first.status is PaymentStatus.REFUNDED
    assert first == second
    with pytest.raises(Unavailable, match="409"):
        payment.refund(replace(whole, amount=Money(1)))


def test_changing_an_unknown_payment_does_nothing(payment):
    state = payment.refund(PaymentChange(PaymentRef("never"), "refund", FEE))
    assert state.status is PaymentStatus.INTENDED


def test_settlements_are_the_days_paid_and_refunded(payment, order, visit):
    today = datetime.datetime.now(ZoneInfo("Europe/Copenhagen")).date()
    challenge = payment.begin(order)
    payment.begin(replace(order, key="never paid"))
    visit(challenge.url, {"action": "silent"})
    [row] = payment.settlements(today)
    assert (row.provider_reference, row.amount) == (challenge.reference, FEE)
    assert row.settled_on == today
    payment.refund(PaymentChange(PaymentRef("key-1"), "refund", FEE))
    assert sum(row.amount.ore for row in payment.settlements(today)) == 0
    assert payment.settlements(today - datetime.timedelta(days=1)) == ()


def test_a_provider_that_is_down_is_unavailable(payment, order, provider):
    provider.control(down=True)
    change = PaymentChange(PaymentRef("key-1"), "change", FEE)
    for call, value in (
        (payment.begin, order),
        (payment.query, PaymentRef("key-1")),
        (payment.cancel, change),
        (payment.capture, change),
        (payment.refund, change),
        (payment.settlements, datetime.date(2026, 11, 22)),
    ):
        with pytest.raises(Unavailable):
            call(value)


def test_a_slow_provider_is_unavailable(make_context, provider):
    provider.control(slow=3)
    hasty = DemoPayment(make_context(provider=provider.url, secret=provider.secret, timeout=1))
    with pytest.raises(Unavailable):
        hasty.query(PaymentRef("key-1"))


def test_a_wrong_secret_is_unavailable(make_context, provider, order):
    stranger = DemoPayment(make_context(provider=provider.url, secret="guess"))
    with pytest.raises(Unavailable, match="401"):
        stranger.begin(order)


def test_a_provider_can_forget_and_be_wrong(payment, order, provider, visit):
    visit(payment.begin(order).url, {"action": "silent"})
    provider.control(wrong_amount=True)
    assert payment.query(PaymentRef("key-1")).amount == Money(22400)
    provider.control(wrong_amount=False, forget=True)
    assert payment.query(PaymentRef("key-1")).status is PaymentStatus.INTENDED


def test_a_misspelt_behaviour_is_refused(provider):
    for wrong in ({"dwon": True}, {"down": "yes"}):
        with pytest.raises(ValueError, match="400"):
            provider.control(**wrong)


def test_the_brand_and_the_method_are_settings(make_context, provider, order, visit):
    other = DemoPayment(
        make_context(
            provider=provider.url, secret=provider.secret, brand="Mobil <demo>", method="Mobil"
        )
    )
    challenge = other.begin(replace(order, locale="en"))
    text = visit(challenge.url).text
    assert "<h1>Mobil &lt;demo&gt;</h1>" in text
    assert "Decline the card" in text
    visit(challenge.url, {"action": "silent"})
    assert other.query(PaymentRef("key-1")).method == "Mobil"


@pytest.mark.parametrize(
    ("locale", "shown"), [("da", "1.234.567,05 kr."), ("en", "DKK 1,234,567.05")]
)
def test_the_amount_is_written_as_the_language_writes_it(payment, order, visit, locale, shown):
    wanted = replace(order, locale=locale, amount=Money(123_456_705))
    assert shown in visit(payment.begin(wanted).url).text


def test_an_unknown_payment_page_is_not_found(provider, visit):
    assert visit(f"{provider.url}/pay/none").status == 404
    assert visit(f"{provider.url}/pay/none", {"action": "pay"}).status == 404
