"""The part of the payment kit where the provider misbehaves."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.testing.cases import a_change, an_order
from selvbetjening_core.testing.common import GRACE, CommonChecks, called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.testing.loopback import Fault
from selvbetjening_core.testing.watching import overhearing
from selvbetjening_core.values import PaymentRef, PaymentStatus

_CALLS = CONTRACTS[IPayment].calls
_AWAY = (
    Fault.DOWN,
    Fault.CUT_OFF,
    Fault.BUSY,
    Fault.TOO_MANY,
    Fault.ERROR,
    Fault.GATEWAY,
)
_FAILING = (
    *_AWAY,
    Fault.GARBAGE,
    Fault.EMPTY,
    Fault.LOST_ANSWER,
    Fault.UNAUTHORISED,
    Fault.REFUSED,
)


class PaymentFaultChecks(CommonChecks):
    """What a payment plugin does when its provider does not do what it should."""

    @check(
        "down-unavailable",
        "A provider that is down or busy is told as unavailable, by every method.",
        da="En udbyder, der er nede eller har for travlt, meldes som utilgængelig af hver metode.",
    )
    def test_down_unavailable(self, bench: Any) -> None:
        """Connections refused and cut, and the statuses 503, 429, 500 and 504."""
        for fault in _AWAY:
            _all_unavailable(bench, fault)

    @check(
        "garbage-unavailable",
        "An answer that makes no sense is told as unavailable, never believed.",
        da="Et svar uden mening meldes som utilgængelighed og bliver aldrig troet.",
    )
    def test_garbage_unavailable(self, bench: Any) -> None:
        """Bytes that are no text, and nothing at all, under status 200."""
        for fault in (Fault.GARBAGE, Fault.EMPTY):
            _all_unavailable(bench, fault)

    @check(
        "refused-unavailable",
        "A provider that refuses us is told as unavailable: no payment is called begun.",
        da="En udbyder, der afviser os, meldes som utilgængelig: ingen betaling kaldes begyndt.",
    )
    def test_refused_unavailable(self, bench: Any) -> None:
        """The statuses 400 and 401."""
        for fault in (Fault.REFUSED, Fault.UNAUTHORISED):
            _all_unavailable(bench, fault)

    @check(
        "lost-answer-begin",
        "When the answer to a new payment is lost, it is found by our key and not made again.",
        da="Går svaret på en ny betaling tabt, findes den med vores nøgle og laves ikke igen.",
    )
    def test_lost_answer_begin(self, bench: Any) -> None:
        """The crash between the provider's success and our own saving of it."""
        with bench.remote_behaving(Fault.LOST_ANSWER):
            _unavailable(partial(bench.make().begin, an_order("lost")), "begin")
        component = bench.make()
        state = component.query(PaymentRef("lost"))
        expect(state.status is PaymentStatus.PENDING, f"asked by key it is told as {state.status}")
        expect(state.provider_reference, "asked by key it has no reference of the provider's")
        again = component.begin(an_order("lost"))
        expect(again.reference == state.provider_reference, "the repeat tells of another payment")
        count = bench.remote.effects("lost")
        expect(count == 1, f"the repeat made {count} payments")

    @check(
        "lost-answer-refund",
        "When the answer to a refund is lost, the repeat pays nothing back a second time.",
        da="Går svaret på en tilbagebetaling tabt, betaler gentagelsen ikke tilbage en gang til.",
    )
    def test_lost_answer_refund(self, bench: Any) -> None:
        """The same change key, by a component made anew."""
        reference = PaymentRef("lost-refund", bench.make().begin(an_order("lost-refund")).reference)
        bench.remote.pay("lost-refund")
        change = a_change(reference, "lost-refund-change")
        with bench.remote_behaving(Fault.LOST_CONFIRMATION):
            _unavailable(partial(bench.make().refund, change), "refund")
        state = bench.make().refund(change)
        expect(state.status is PaymentStatus.REFUNDED, f"the repeat is told as {state.status}")
        count = bench.remote.effects("lost-refund-change")
        expect(count == 1, f"the repeat made {count} refunds")
        expect(bench.remote.kept("lost-refund").ore == 0, "more or less was paid back than taken")

    @check(
        "slow-answer",
        "A slow provider that answers in time is waited for.",
        da="En langsom udbyder, der svarer i tide, bliver der ventet på.",
    )
    def test_slow_answer(self, bench: Any) -> None:
        """A third of a second."""
        component = bench.make()
        with bench.remote_behaving(Fault.SLOW):
            came = called(lambda: component.begin(an_order("slow")))
        if came.error is not None:
            broken(f"begin() {came.described} after {came.seconds:.1f} s")

    @check(
        "time-limit",
        "A provider that never answers is given up in time.",
        da="En udbyder, der aldrig svarer, bliver opgivet i tide.",
    )
    def test_time_limit(self, bench: Any) -> None:
        """Within the seconds that the contract gives each method."""
        component = bench.make()
        reference = PaymentRef("hang", component.begin(an_order("hang")).reference)
        calls = {
            "begin": partial(component.begin, an_order("hang-new")),
            "query": partial(component.query, reference),
        }
        for name, call in calls.items():
            with bench.remote_behaving(Fault.HANG):
                seconds = _unavailable(call, name)
            limit = _CALLS[name].seconds
            expect(seconds <= limit + GRACE, f"{name}() took {seconds:.1f} s; it has {limit:.0f} s")

    @check(
        "nothing-secret-told",
        "No secret is told in a log, an exception, a result or the name of a file.",
        da="Ingen hemmelighed røbes i en log, en fejl, et svar eller et filnavn.",
    )
    def test_nothing_secret_told(self, bench: Any) -> None:
        """While everything goes wrong that can."""
        component = bench.make()
        reference = PaymentRef("secret", component.begin(an_order("secret")).reference)
        with overhearing(bench.workplace) as heard:
            heard.note(component)
            for fault in (Fault.NONE, *_FAILING):
                with bench.remote_behaving(fault):
                    for call in calls_of(component, reference).values():
                        came = called(call)
                        heard.note(came.value, came.error)
        if heard.found(bench.secrets):
            broken("a secret of the settings is told")


def calls_of(component: Any, reference: PaymentRef) -> dict[str, Callable[[], object]]:
    """Every call of the contract that reaches the provider, about one payment."""
    change = a_change(reference, "any-change")
    return {
        "begin": partial(component.begin, an_order(reference.key)),
        "query": partial(component.query, reference),
        "capture": partial(component.capture, change),
        "cancel": partial(component.cancel, change),
        "refund": partial(component.refund, change),
        "settlements": partial(component.settlements, datetime.date(2026, 11, 2)),
    }


def _all_unavailable(bench: Any, fault: Fault) -> None:
    component = bench.make()
    reference = PaymentRef("fault", component.begin(an_order("fault")).reference)
    with bench.remote_behaving(fault):
        for name, call in calls_of(component, reference).items():
            _unavailable(call, name, fault)


def _unavailable(call: Callable[[], object], name: str, fault: Fault = Fault.NONE) -> float:
    """How long it took to say so."""
    came = called(call)
    if not isinstance(came.error, Unavailable):
        when = f" when the provider is {fault}" if fault is not Fault.NONE else ""
        broken(f"{name}() {came.described}{when}, and should raise Unavailable")
    return came.seconds
