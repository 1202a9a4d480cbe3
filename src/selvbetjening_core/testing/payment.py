"""The kit for plugins that collect money."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPayment
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.cases import a_change, an_order
from selvbetjening_core.testing.common import at_once, called
from selvbetjening_core.testing.conformance import broken, check, expect
from selvbetjening_core.testing.loopback import Fault
from selvbetjening_core.testing.message_checks import MessageChecks
from selvbetjening_core.testing.outside import OutsideChecks
from selvbetjening_core.testing.payment_faults import PaymentFaultChecks
from selvbetjening_core.values import (
    Message,
    Money,
    PaymentRef,
    PaymentState,
    PaymentStatus,
)

DANISH_TIME = ZoneInfo("Europe/Copenhagen")
_USUAL = Money(22500)


class PaymentRemote(Protocol):
    """The provider at the other end. Written by the vendor, driven by the kit.

    ``key`` is always the municipality's own idempotency key of an order.
    """

    def behave(self, fault: Fault) -> None:
        """Have this fault from now on."""

    def effects(self, key: str) -> int:
        """How many payments were made with this key; or changes, if it is a change's key."""

    def pay(self, key: str) -> None:
        """The citizen pays on the provider's page."""

    def decline(self, key: str) -> None:
        """The citizen tries to pay, and the provider refuses the card."""

    def asked(self, key: str) -> Money:
        """The amount that the citizen is asked for."""

    def kept(self, key: str) -> Money:
        """What the provider has taken for this payment, less what it has paid back."""

    def message(self, key: str) -> Message:
        """What the provider sends us about the payment as it stands, proof included."""

    def proven(self, body: bytes) -> Message | None:
        """A message with this body and a genuine proof. It may be left out."""


@dataclass(kw_only=True)
class PaymentBench(Bench):
    """A payment plugin, and the provider it talks to.

    Let the plugin wait for its provider for a second or two at most where it
    has a setting for that: checks let the provider hang.
    """

    remote: Any = None


class PaymentConformance(PaymentFaultChecks, OutsideChecks, MessageChecks):
    """What a plugin that implements ``IPayment`` is held to."""

    contract: ClassVar = IPayment
    bench_type: ClassVar = PaymentBench

    def use(self, bench: PaymentBench, component: Any, key: str) -> object:
        """Begin and ask."""
        challenge = component.begin(an_order(key))
        state = component.query(PaymentRef(key, challenge.reference))
        return challenge.reference, state.status, state.amount

    def one_message(self, bench: PaymentBench, component: Any) -> tuple[str, Message]:
        """A payment that is paid."""
        component.begin(an_order("message"))
        bench.remote.pay("message")
        return "message", bench.remote.message("message")

    def two_messages(self, bench: PaymentBench, component: Any) -> tuple[str, Message, Message]:
        """A payment that is pending, and then paid."""
        component.begin(an_order("message"))
        pending = bench.remote.message("message")
        bench.remote.pay("message")
        return "message", pending, bench.remote.message("message")

    @check(
        "begin-once",
        "Beginning twice with one key makes one payment, and tells of the same one.",
        da="At begynde to gange med samme nøgle giver én betaling og fortæller om den samme.",
    )
    def test_begin_once(self, bench: PaymentBench) -> None:
        """By one component, and by one made anew."""
        first = bench.make().begin(an_order("once"))
        second = bench.make().begin(an_order("once"))
        _one(bench, "once", "payments")
        expect(first.reference == second.reference, "the repeat tells of another payment")
        expect(first.url.startswith(("http://", "https://")), "there is no page to send anybody to")

    @check(
        "begin-once-at-once",
        "One key from many threads together makes one payment.",
        da="Samme nøgle fra mange tråde på én gang giver én betaling.",
    )
    def test_begin_once_at_once(self, bench: PaymentBench) -> None:
        """Two workers and an impatient citizen."""
        component = bench.make()
        references = at_once(lambda _: component.begin(an_order("together")).reference)
        _one(bench, "together", "payments")
        expect(len(set(references)) == 1, "the threads were told of different payments")

    @check(
        "refund-once",
        "A refund with one key is made once, however often it is repeated.",
        da="En tilbagebetaling med samme nøgle sker én gang, hvor ofte den end gentages.",
    )
    def test_refund_once(self, bench: PaymentBench) -> None:
        """Repeated by the same component, and by one made anew."""
        reference = _paid(bench, "refund")
        change = a_change(reference, "refund-change")
        for component in (bench.make(), bench.make()):
            for _ in range(2):
                state = component.refund(change)
                expect(
                    state.status is PaymentStatus.REFUNDED, f"the refund is told as {state.status}"
                )
        _one(bench, "refund-change", "refunds")
        _is_kept(bench, "refund", 0)

    @check(
        "changes-apart",
        "Changes with different keys are each made, however soon after each other.",
        da="Ændringer med hver sin nøgle bliver alle udført, hvor hurtigt de end følger efter"
        " hinanden.",
    )
    def test_changes_apart(self, bench: PaymentBench) -> None:
        """A payment is captured and then refunded; so is another."""
        component = bench.make()
        for key in ("one", "two"):
            reference = _paid(bench, key)
            component.capture(a_change(reference, f"{key}-capture"))
            state = component.refund(a_change(reference, f"{key}-refund"))
            expect(state.status is PaymentStatus.REFUNDED, f"the refund is told as {state.status}")
            _is_kept(bench, key, 0)

    @check(
        "asked-anew",
        "Each time it is asked, the provider is: what has changed is told, whatever messages said.",
        da="Hver gang der spørges, spørges udbyderen: det, der har ændret sig, fortælles, uanset"
        " hvad beskeder sagde.",
    )
    def test_asked_anew(self, bench: PaymentBench) -> None:
        """Pending, paid and refunded in turn, with each message read late."""
        component, key = bench.make(), "anew"
        reference = PaymentRef(key, component.begin(an_order(key)).reference)
        _is_told(component, reference, PaymentStatus.PENDING)
        messages = [bench.remote.message(key)]
        bench.remote.pay(key)
        component.notice(messages[0])
        _is_told(component, reference, PaymentStatus.PAID)
        messages.append(bench.remote.message(key))
        bench.make().refund(a_change(reference, "anew-refund"))
        for message in messages:
            component.notice(message)
            _is_told(component, reference, PaymentStatus.REFUNDED)

    @check(
        "refund-part",
        "A part paid back is told as it is: refunded only where nothing is kept.",
        da="En delvis tilbagebetaling fortælles, som den er: »refunderet« kun, hvor intet er"
        " beholdt.",
    )
    def test_refund_part(self, bench: PaymentBench) -> None:
        """Doing it and not doing it are both honest; the state must say which."""
        reference = _paid(bench, "part")
        component = bench.make()
        state = component.refund(a_change(reference, "part-change", Money(1999)))
        kept = bench.remote.kept("part")
        is_told_all = state.status is PaymentStatus.REFUNDED
        expect(is_told_all == (kept.ore == 0), f"told as {state.status}, and {kept} is kept")
        expect(kept in (Money(20501), Money(22500)), f"of 225 kroner {kept} is kept")
        asked = component.query(reference)
        expect(asked.status is state.status, f"told as {state.status}, and asked {asked.status}")

    @check(
        "amount-exact",
        "Amount, currency and reference are the provider's to the last øre.",
        da="Beløb, valuta og reference er hos udbyderen nøjagtig de samme, til sidste øre.",
    )
    def test_amount_exact(self, bench: PaymentBench) -> None:
        """One øre, odd amounts, and the largest there is."""
        component = bench.make()
        # 29 and 1999 are no longer themselves once they were kroner with a point.
        for ore in (1, 29, 99, 1999, 22500, 1234567, 99_999_999):
            _is_exact(bench, component, f"amount-{ore}", Money(ore))

    @check(
        "currency-kept",
        "Another currency is charged as it is, or refused; never taken for kroner.",
        da="En anden valuta opkræves, som den er, eller afvises; den tages aldrig for kroner.",
    )
    def test_currency_kept(self, bench: PaymentBench) -> None:
        """Euro."""
        component, amount = bench.make(), Money(22500, "EUR")
        came = called(lambda: component.begin(an_order("euro", amount=amount)))
        if came.error is None:
            asked = bench.remote.asked("euro")
            expect(asked == amount, f"an order of {amount} is charged as {asked}")
        elif not isinstance(came.error, Unavailable):
            broken(f"begin() {came.described}")

    @check(
        "status-told",
        "Pending, paid and declined are told as they are.",
        da="»Afventer«, »betalt« og »afvist« fortælles, som de er.",
    )
    def test_status_told(self, bench: PaymentBench) -> None:
        """Asked with the provider's reference, and without."""
        component = bench.make()
        ways: tuple[tuple[PaymentStatus, Callable[[str], None]], ...] = (
            (PaymentStatus.PENDING, lambda _: None),
            (PaymentStatus.PAID, bench.remote.pay),
            (PaymentStatus.DECLINED, bench.remote.decline),
        )
        for status, go in ways:
            key = f"status-{status}"
            reference = component.begin(an_order(key)).reference
            go(key)
            for ref in (PaymentRef(key, reference), PaymentRef(key)):
                state = component.query(ref)
                expect(state.status is status, f"what is {status} is told as {state.status}")
                expect(state.key == key, "the state has another key than was asked about")

    @check(
        "unknown-intended",
        "A payment that the provider does not know is told as intended.",
        da="En betaling, som udbyderen ikke kender, fortælles som »påtænkt«.",
    )
    def test_unknown_intended(self, bench: PaymentBench) -> None:
        """By our key alone: nothing was begun."""
        state = bench.make().query(PaymentRef("never-begun"))
        expect(state.status is PaymentStatus.INTENDED, f"it is told as {state.status}")
        expect(state.key == "never-begun", "the state has another key than was asked about")

    @check(
        "cancel-honest",
        "Cancelling ends what is pending, and leaves what is paid; the state says which.",
        da="At annullere afslutter det, der afventer, og rører ikke det betalte; svaret siger"
        " hvilket.",
    )
    def test_cancel_honest(self, bench: PaymentBench) -> None:
        """The citizen may have paid in the same second."""
        component = bench.make()
        pending = PaymentRef("give-up", component.begin(an_order("give-up")).reference)
        state = component.cancel(a_change(pending, "give-up-change"))
        expect(state.status is PaymentStatus.CANCELLED, f"what was pending is {state.status}")
        paid = _paid(bench, "too-late")
        state = component.cancel(a_change(paid, "too-late-change"))
        expect(state.status is PaymentStatus.PAID, f"what was paid is told as {state.status}")
        _is_kept(bench, "too-late", 22500)

    @check(
        "capture-once",
        "Money is taken once, however often it is captured.",
        da="Pengene trækkes én gang, hvor ofte der end hæves.",
    )
    def test_capture_once(self, bench: PaymentBench) -> None:
        """Where paying takes the money at once, capturing changes nothing."""
        reference = _paid(bench, "capture")
        component = bench.make()
        for _ in range(2):
            state = component.capture(a_change(reference, "capture-change"))
            expect(state.status is PaymentStatus.PAID, f"captured money is told as {state.status}")
        _is_kept(bench, "capture", 22500)

    @check(
        "settlements",
        "What was paid on a day is in that day's settlements, to the øre.",
        da="Det, der er betalt på en dag, står i dagens afregning, til sidste øre.",
        optional=True,
    )
    def test_settlements(self, bench: PaymentBench) -> None:
        """And a day before there were any has none."""
        reference = _paid(bench, "settled", Money(1999))
        component = bench.make()
        today = datetime.datetime.now(DANISH_TIME).date()
        rows = [
            row
            for row in component.settlements(today)
            if row.provider_reference == reference.provider_reference
        ]
        expect(len(rows) == 1, f"a payment stands {len(rows)} times in its day's settlements")
        expect(rows[0].amount == Money(1999), f"19,99 kroner are settled as {rows[0].amount}")
        expect(rows[0].settled_on == today, "the row has another day than was asked for")
        long_ago = component.settlements(datetime.date(2001, 1, 1))
        expect(long_ago == (), "there are settlements of a day long ago")

    @check(
        "threads-apart",
        "Payments from many threads are not mixed up.",
        da="Betalinger fra mange tråde blandes ikke sammen.",
    )
    def test_threads_apart(self, bench: PaymentBench) -> None:
        """Each its own amount, key and reference."""
        component = bench.make()
        at_once(lambda n: _is_exact(bench, component, f"thread-{n}", Money(100 + n)))

    @check(
        "components-apart",
        "Two components with different settings, used in turn, never use each other's.",
        da="To komponenter med hver sine indstillinger, brugt skiftevis, bruger aldrig hinandens.",
    )
    def test_components_apart(self, bench: PaymentBench) -> None:
        """Two municipalities with one plugin: ``other_settings`` and ``other_remote``."""
        if bench.other_remote is None:
            broken("the bench has no other_remote and other_settings: two are needed here")
        benches = (bench, bench.other())
        made = [one.make() for one in benches]
        for number in range(2):
            for name, component in zip("ab", made, strict=True):
                component.begin(an_order(f"apart-{name}-{number}"))
        for name, mine in zip("ab", benches, strict=True):
            found = [mine.remote.effects(f"apart-{other}-0") for other in "ab"]
            wanted = [1, 0] if name == "a" else [0, 1]
            expect(found == wanted, "an order of one component went to the other's provider")


def _is_exact(bench: PaymentBench, component: Any, key: str, amount: Money) -> None:
    order = an_order(key, amount=amount)
    reference = component.begin(order).reference
    _one(bench, key, "payments")
    asked = bench.remote.asked(key)
    expect(asked == amount, f"an order of {amount} is charged as {asked}")
    state: PaymentState = component.query(PaymentRef(key, reference))
    expect(state.key == key, "the state is another payment's")
    expect(state.amount == amount, f"an order of {amount} is told as {state.amount}")
    expect(state.reference == order.reference, "the state has another reference than the order")


def _paid(bench: PaymentBench, key: str, amount: Money = _USUAL) -> PaymentRef:
    reference = bench.make().begin(an_order(key, amount=amount)).reference
    bench.remote.pay(key)
    return PaymentRef(key, reference)


def _is_told(component: Any, reference: PaymentRef, status: PaymentStatus) -> None:
    state = component.query(reference)
    expect(state.status is status, f"what is {status} by now is told as {state.status}")


def _is_kept(bench: PaymentBench, key: str, ore: int) -> None:
    kept = bench.remote.kept(key)
    expect(kept == Money(ore), f"the provider keeps {kept}, and should keep {Money(ore)}")


def _one(bench: PaymentBench, key: str, what: str) -> None:
    count = bench.remote.effects(key)
    expect(count == 1, f"one key made {count} {what}")
