"""The part of the delivery kit where the receiver misbehaves."""

from __future__ import annotations

from functools import partial
from typing import Any

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.testing.cases import a_parcel
from selvbetjening_core.testing.common import GRACE, CommonChecks, called
from selvbetjening_core.testing.conformance import broken, check, does_not_apply, expect
from selvbetjening_core.testing.loopback import Fault
from selvbetjening_core.values import DeliveryRef, Outcome, OutcomeKind, Parcel, ResolvesUnknown

_SHORT = 1.0
# The receiver does what it is asked, and its answer does not say so.
_DONE = (
    Fault.LOST_ANSWER,
    Fault.LOST_CONFIRMATION,
    Fault.ERROR,
    Fault.GATEWAY,
    Fault.GARBAGE,
    Fault.EMPTY,
)
# It says nothing of what it was asked about.
_MUTE = (
    Fault.DOWN,
    Fault.CUT_OFF,
    Fault.LOST_ANSWER,
    Fault.HANG,
    Fault.BUSY,
    Fault.TOO_MANY,
    Fault.ERROR,
    Fault.GATEWAY,
    Fault.GARBAGE,
    Fault.EMPTY,
    Fault.UNAUTHORISED,
    Fault.REFUSED,
)


class DeliveryFaultChecks(CommonChecks):
    """What a delivery plugin does when its receiver does not do what it should."""

    @check(
        "down-transient",
        "A receiver that is down is tried again later: transient.",
        da="En modtager, der er nede, prøves igen senere: forbigående.",
    )
    def test_down_transient(self, bench: Any) -> None:
        """Nothing was sent, and that is known."""
        _outcome_under(bench, Fault.DOWN, OutcomeKind.TRANSIENT)

    @check(
        "busy-transient",
        "A receiver that is too busy is tried again later: transient.",
        da="En modtager, der har for travlt, prøves igen senere: forbigående.",
    )
    def test_busy_transient(self, bench: Any) -> None:
        """The statuses 503 and 429, or what the protocol has in their place."""
        for fault in _can(bench, Fault.BUSY, Fault.TOO_MANY):
            _outcome_under(bench, fault, OutcomeKind.TRANSIENT)

    @check(
        "refused-permanent",
        "A refusal is permanent: another try would be refused too.",
        da="En afvisning er endelig: et nyt forsøg ville også blive afvist.",
    )
    def test_refused_permanent(self, bench: Any) -> None:
        """The status 400, or what the protocol has in its place."""
        outcome = _outcome_under(bench, Fault.REFUSED, OutcomeKind.PERMANENT)
        expect(outcome.evidence.strip(), "there is no evidence of why")

    @check(
        "lost-answer-unknown",
        "When the answer is lost, the outcome is unknown: it may have arrived.",
        da="Går svaret tabt, er udfaldet ukendt: det kan være kommet frem.",
    )
    def test_lost_answer_unknown(self, bench: Any) -> None:
        """The receiver does its work and hangs up."""
        _outcome_under(bench, Fault.LOST_ANSWER, OutcomeKind.UNKNOWN)

    @check(
        "garbage-unknown",
        "An answer that makes no sense proves nothing: unknown.",
        da="Et svar uden mening beviser intet: ukendt.",
    )
    def test_garbage_unknown(self, bench: Any) -> None:
        """Bytes that are no text, and nothing at all, under status 200."""
        for fault in _can(bench, Fault.GARBAGE, Fault.EMPTY):
            _outcome_under(bench, fault, OutcomeKind.UNKNOWN)

    @check(
        "error-not-delivered",
        "An error inside the receiver is never told as delivered, nor as a refusal.",
        da="En fejl inde i modtageren fortælles aldrig som leveret og heller ikke som afvist.",
    )
    def test_error_not_delivered(self, bench: Any) -> None:
        """Statuses 500 and 504: unknown; transient too, for who declares ``safe_repeat``."""
        is_safe = bench.make().resolves_unknown is ResolvesUnknown.SAFE_REPEAT
        also = (OutcomeKind.TRANSIENT,) if is_safe else ()
        for fault in _can(bench, Fault.ERROR, Fault.GATEWAY):
            _outcome_under(bench, fault, OutcomeKind.UNKNOWN, *also)

    @check(
        "one-attempt",
        "Sending is one attempt: whatever the receiver answers, nothing is sent again.",
        da="At sende er ét forsøg: uanset hvad modtageren svarer, sendes intet igen.",
    )
    def test_one_attempt(self, bench: Any) -> None:
        """The receiver does its work each time it is asked, and says so badly."""
        component = bench.make()
        for fault in _can(bench, *_DONE):
            key = f"once-{fault.name}"
            with bench.remote_behaving(fault):
                sent(component, a_parcel(key, seconds=5))
            count = bench.remote.effects(key)
            expect(count <= 1, f"{fault}: one call of send() made {count} cases")

    @check(
        "crash-resolved",
        "What may have arrived is resolved in the way it declares, and never arrives twice.",
        da="Det, der måske er kommet frem, afklares, som den erklærer, og kommer aldrig to gange.",
    )
    def test_crash_resolved(self, bench: Any) -> None:
        """The crash between the receiver's success and our own saving of it."""
        _need(bench, Fault.LOST_ANSWER)
        how = bench.make().resolves_unknown
        if how is ResolvesUnknown.PERSON:
            does_not_apply(
                "it declares person: nothing is resolved by machine",
                da="den erklærer »person«: intet afklares maskinelt",
            )
        key = "crash"
        with bench.remote_behaving(Fault.LOST_ANSWER):
            sent(bench.make(), a_parcel(key))
        _resolve(bench, how, key)
        count = bench.remote.effects(key)
        expect(count == 1, f"afterwards the receiver has {count} cases")

    @check(
        "query-never-arrived",
        "Asked about what never arrived, the answer is transient: send it again.",
        da="Spurgt om det, der aldrig kom frem, er svaret forbigående: send det igen.",
    )
    def test_query_never_arrived(self, bench: Any) -> None:
        """For who declares ``query``; and a receiver that is down settles nothing."""
        component = bench.make()
        if component.resolves_unknown is not ResolvesUnknown.QUERY:
            does_not_apply(
                f"it declares {component.resolves_unknown}: it is not asked",
                da=f"den erklærer »{component.resolves_unknown}«: den bliver ikke spurgt",
            )
        kind = _asked(component, DeliveryRef("never-sent")).kind
        expect(kind is OutcomeKind.TRANSIENT, f"it is told as {kind}")
        with bench.remote_behaving(Fault.DOWN):
            came = called(partial(component.query, DeliveryRef("never-sent")))
        if not isinstance(came.error, Unavailable):
            told = came.value.kind if isinstance(came.value, Outcome) else came.described
            expect(told is OutcomeKind.UNKNOWN, f"while nobody answers it is told as {told}")

    @check(
        "query-away",
        "A receiver that cannot answer settles nothing: asked then, the outcome is unknown.",
        da="En modtager, der ikke kan svare, afgør intet: spørges der imens, er udfaldet ukendt.",
    )
    def test_query_away(self, bench: Any) -> None:
        """About a parcel that has arrived: ``transient`` would have it sent again."""
        component = bench.make()
        if component.resolves_unknown is not ResolvesUnknown.QUERY:
            does_not_apply(
                f"it declares {component.resolves_unknown}: it is not asked",
                da=f"den erklærer »{component.resolves_unknown}«: den bliver ikke spurgt",
            )
        sent(component, a_parcel("arrived"))
        for fault in _can(bench, *_MUTE):
            with bench.remote_behaving(fault):
                came = called(partial(component.query, DeliveryRef("arrived")))
            if not isinstance(came.error, Unavailable):
                told = came.value.kind if isinstance(came.value, Outcome) else came.described
                expect(told is OutcomeKind.UNKNOWN, f"{fault}: it is told as {told}, not unknown")

    @check(
        "slow-delivered",
        "A slow receiver that answers in time is waited for.",
        da="En langsom modtager, der svarer i tide, bliver der ventet på.",
    )
    def test_slow_delivered(self, bench: Any) -> None:
        """A third of a second."""
        _outcome_under(bench, Fault.SLOW, OutcomeKind.DELIVERED, OutcomeKind.ACCEPTED_PENDING)

    @check(
        "deadline-kept",
        "The parcel's deadline is kept, whatever the receiver does: then the outcome is unknown.",
        da="Forsendelsens frist holdes, uanset hvad modtageren gør: så er udfaldet ukendt.",
    )
    def test_deadline_kept(self, bench: Any) -> None:
        """A receiver that never answers, and one second."""
        _need(bench, Fault.HANG)
        component = bench.make()
        with bench.remote_behaving(Fault.HANG):
            came = called(lambda: sent(component, a_parcel("deadline", seconds=_SHORT)))
        if came.error is not None:
            broken(f"send() {came.described}")
        expect(came.seconds <= _SHORT + GRACE, f"send() took {came.seconds:.1f} s; it had 1 s")
        kind = came.value.kind
        expect(kind is OutcomeKind.UNKNOWN, f"it is told as {kind}")

    @check(
        "deadline-past",
        "A parcel whose deadline is past is not sent any more.",
        da="En forsendelse, hvis frist er passeret, sendes ikke mere.",
    )
    def test_deadline_past(self, bench: Any) -> None:
        """Another worker may have it by now; what is written at once may still be."""
        came = called(lambda: sent(bench.make(), a_parcel("past", seconds=-1)))
        if came.error is not None:
            broken(f"send() {came.described}")
        arrived = bench.remote.effects("past")
        is_told = came.value.kind in (OutcomeKind.DELIVERED, OutcomeKind.ACCEPTED_PENDING)
        expect(bool(arrived) == is_told, f"{arrived} arrived, and it is told as {came.value.kind}")
        expect(came.seconds <= GRACE, f"it took {came.seconds:.1f} s")


def sent(component: Any, parcel: Parcel) -> Outcome:
    """The outcome of sending; what is raised or not an outcome fails the check."""
    came = called(partial(component.send, parcel))
    if not isinstance(came.value, Outcome):
        broken(f"send() {came.described}, and should give an Outcome")
    outcome: Outcome = came.value
    return outcome


def _outcome_under(bench: Any, fault: Fault, *wanted: OutcomeKind) -> Outcome:
    _need(bench, fault)
    component = bench.make()
    with bench.remote_behaving(fault):
        outcome = sent(component, a_parcel(f"fault-{fault.name}", seconds=5))
    names = " or ".join(wanted)
    expect(outcome.kind in wanted, f"{fault}: the outcome is {outcome.kind}, not {names}")
    return outcome


def _can(bench: Any, *faults: Fault) -> tuple[Fault, ...]:
    """Those of ``faults`` that the counterpart can have; at least one, or the check ends."""
    if not bench.faults.intersection(faults):
        _need(bench, faults[0])
    return tuple(fault for fault in faults if fault in bench.faults)


def _need(bench: Any, fault: Fault) -> None:
    if fault not in bench.faults:
        does_not_apply(
            f'the receiver cannot have the fault "{fault}"',
            da="modtageren kan ikke fejle på den måde",
        )


def _resolve(bench: Any, how: ResolvesUnknown, key: str) -> None:
    component = bench.make()
    arrived = (OutcomeKind.DELIVERED, OutcomeKind.ACCEPTED_PENDING)
    if how is ResolvesUnknown.SAFE_REPEAT:
        kind = sent(component, a_parcel(key, attempt=2)).kind
    elif how is ResolvesUnknown.QUERY:
        kind = _asked(component, DeliveryRef(key)).kind
    else:
        receipts = component.notice(bench.remote.message(key)).receipts
        expect([one.key for one in receipts] == [key], "its late receipt does not name the key")
        kind = receipts[0].outcome.kind
    expect(kind in arrived, f"what arrived is resolved as {kind}")


def _asked(component: Any, delivery: DeliveryRef) -> Outcome:
    came = called(partial(component.query, delivery))
    if not isinstance(came.value, Outcome):
        broken(f"query() {came.described}")
    outcome: Outcome = came.value
    return outcome
