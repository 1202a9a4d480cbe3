"""The part of the receipt kit about what stands on a receipt: money, time, and long answers."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import partial
from typing import Any

from selvbetjening_core.testing import cases, receipt_cases
from selvbetjening_core.testing.common import CommonChecks, called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.testing.documents import words_of
from selvbetjening_core.values import Basis, CaseSnapshot, Document, Money, PaymentSummary

_UTC = datetime.UTC
_AMOUNTS = {"da": r"(?<!\d)1[. \xa0]?234,56(?!\d)", "en": r"(?<!\d)1[, \xa0]?234\.56(?!\d)"}
# The same moment is another day, and once another year, on a Danish clock.
_MOMENTS = (
    (datetime.datetime(2026, 12, 31, 23, 30, tzinfo=_UTC), r"2027"),
    (
        datetime.datetime(2026, 7, 31, 22, 15, tzinfo=_UTC),
        r"august|(?<!\d)0?1[./-]0?8(?!\d)|-08-01",
    ),
)
_END = "Enden på et langt svar"


class ReceiptContentChecks(CommonChecks):
    """What a receipt says of a case, to the øre, the minute and the last word."""

    @check(
        "amount-exact",
        "The amount stands on it to the last øre, as it is written in the case's language.",
        da="Beløbet står på den til sidste øre, skrevet som i sagens sprog.",
    )
    def test_amount_exact(self, bench: Any) -> None:
        """1.234,56 in Danish, 1,234.56 in English."""
        component, paid = bench.make(), replace(cases.a_case().payment, amount=Money(123456))
        danish = cases.a_case(payment=paid)
        for case in (danish, replace(receipt_cases.in_english(danish), payment=paid)):
            shown = _shown(bench, component, case)
            is_there = re.search(_AMOUNTS[case.locale], shown)
            expect(is_there, f"123456 øre are not on the receipt as an amount ({case.locale})")

    @check(
        "danish-time",
        "The time is Danish, in summer and in winter, whatever day it is elsewhere.",
        da="Tidspunktet er dansk tid, sommer og vinter, uanset hvilken dag det er andre steder.",
    )
    def test_danish_time(self, bench: Any) -> None:
        """Deadlines are counted from it: just after midnight is the new day, and the new year."""
        component = bench.make()
        for moment, wanted in _MOMENTS:
            shown = _shown(bench, component, cases.a_case(received_at=moment, groups=()))
            is_there = re.search(wanted, shown, re.IGNORECASE)
            expect(is_there, f"what came at {moment:%d %B %H:%M} UTC has not the Danish date")

    @check(
        "long-answers-whole",
        "A long answer is on it to its last word.",
        da="Et langt svar står på den til sidste ord.",
    )
    def test_long_answers_whole(self, bench: Any) -> None:
        """Some pages of text, in one answer."""
        text = "Æblegrød " * 2_000 + _END
        shown = _shown(bench, bench.make(), receipt_cases.with_answer(cases.a_case(), text))
        expect(_END in shown, "the end of a long answer is missing")
        expect("Svaret bagefter" in shown, "the answer after a long one is missing")

    @check(
        "nothing-to-pay",
        "A case that was free, about oneself and without any texts has a receipt too.",
        da="En gratis sag, der handler om én selv og ingen tekster har, får også en kvittering.",
    )
    def test_nothing_to_pay(self, bench: Any) -> None:
        """Nothing was paid, nobody else is concerned, and the solution says nothing of its own."""
        component, case = bench.make(), cases.a_case()
        alone = replace(case.parties, principal=case.parties.actor, basis=Basis.SELF)
        free = replace(case, payment=PaymentSummary(Money(0), ""), parties=alone, texts={})
        for one in (free, replace(free, locale="en")):
            shown = _shown(bench, component, one)
            expect(one.receipt_number in shown, "the receipt of a free case lacks its number")


def _shown(bench: Any, component: Any, case: CaseSnapshot) -> str:
    call = called(partial(component.issue, case))
    if not isinstance(call.value, Document):
        broken(f"issue {call.described}")
    return words_of(bench.read(call.value).shown)
