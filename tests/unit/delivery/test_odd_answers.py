"""Whatever characters a receiver answers with, what became of it is kept, in either database."""

from __future__ import annotations

import pytest

from selvbetjening_core.journey.records import DeliveryState
from selvbetjening_core.values import LateReceipt, Outcome, OutcomeKind, Reply, ResolvesUnknown

NUL = "a\0b"
HALF = "a\udc80b"
ENDLESS = "x" * 100_000
ODD = [NUL, HALF, ENDLESS]
KEPT = {NUL: "a?b", HALF: "a?b"}


@pytest.mark.parametrize("text", ODD, ids=["nul", "half", "endless"])
@pytest.mark.parametrize("where", ["evidence", "remote_reference"])
def test_what_was_delivered_is_known_and_not_sent_again(either, text, where):
    receiver = either.receivers["case_system"]
    texts = {"evidence": "200", "remote_reference": "case-1", where: text}
    receiver.answers = [Outcome(OutcomeKind.DELIVERED, **texts)]
    either.submit("s1")
    either.until_quiet(3)
    assert either.row().state is DeliveryState.DELIVERED
    assert len(receiver.parcels) == 1
    (attempt,) = either.attempts()
    found = attempt.evidence if where == "evidence" else either.row().remote_reference
    assert found == KEPT.get(text, found)
    assert 0 < len(found) <= 2000


@pytest.mark.parametrize("text", ODD, ids=["nul", "half", "endless"])
def test_an_odd_receipt_holds_up_none_of_the_others(either, text):
    receiver = either.receivers["case_system"]
    receiver.resolves_unknown = ResolvesUnknown.INBOX
    receiver.answers = [Outcome(OutcomeKind.ACCEPTED_PENDING, "202")]
    either.submit("s1")
    worker = either.worker()
    assert worker.work_one(either.code)
    odd = LateReceipt(text, Outcome(OutcomeKind.DELIVERED, "in", "case-1"))
    told = LateReceipt("s1-case_system", Outcome(OutcomeKind.DELIVERED, text, text))
    reply = Reply(receipts=(odd, told), keys=(text,))
    assert worker.inbox.take(either.code, "case_system-component", reply)
    assert either.row().state is DeliveryState.DELIVERED
