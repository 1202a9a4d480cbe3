"""The kit for plugins that hand a case to the system that will handle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Protocol

from selvbetjening_core.composition.copying import Copier
from selvbetjening_core.errors import NotDeclared
from selvbetjening_core.interfaces import IDelivery, IDeliveryQuery, IMessages
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.cases import a_parcel, an_attachment
from selvbetjening_core.testing.common import at_once, called
from selvbetjening_core.testing.conformance import broken, check, does_not_apply, expect
from selvbetjening_core.testing.delivery_faults import DeliveryFaultChecks, sent
from selvbetjening_core.testing.delivery_files import DeliveryFileChecks
from selvbetjening_core.testing.earlier import earlier_cases
from selvbetjening_core.testing.loopback import Fault
from selvbetjening_core.testing.message_checks import MessageChecks
from selvbetjening_core.testing.outside import OutsideChecks, addresses_at
from selvbetjening_core.testing.watching import overhearing, personal_words_of, watching
from selvbetjening_core.values import (
    Answer,
    AnswerGroup,
    Message,
    OutcomeKind,
    Parcel,
    ResolvesUnknown,
    Verdict,
)

ARRIVED = (OutcomeKind.DELIVERED, OutcomeKind.ACCEPTED_PENDING)
_HOSTILE = (
    "\x00\x01\x1b[31m",
    "\ud800 alone",
    "😀" * 50,
    "]]></x><script>",
    "..\n.\r\n\r\n.\r\n",
    "x" * 100_000,
)


class DeliveryRemote(Protocol):
    """The receiver at the other end. Written by the vendor, driven by the kit.

    ``key`` is always the parcel's idempotency key.
    """

    def behave(self, fault: Fault) -> None:
        """Have this fault from now on; only those in the bench's ``faults`` are asked for."""

    def effects(self, key: str) -> int:
        """How many cases the receiver has for the parcel with this key."""

    def attachments(self, key: str) -> Sequence[bytes]:
        """What is in each file that it was sent with this parcel. For who takes attachments."""

    def message(self, key: str) -> Message:
        """The late receipt of this parcel, proof included. Only for components with messages."""

    def proven(self, body: bytes) -> Message | None:
        """A message with this body and a genuine proof. It may be left out."""


@dataclass(kw_only=True)
class DeliveryBench(Bench):
    """A delivery plugin, and the receiver it delivers to.

    :param faults: those that the counterpart can have. A check that needs
        another is reported as not applicable
    """

    remote: Any = None
    faults: frozenset[Fault] = frozenset(Fault)


class DeliveryConformance(DeliveryFaultChecks, DeliveryFileChecks, OutsideChecks, MessageChecks):
    """What a plugin that implements ``IDelivery`` is held to."""

    contract: ClassVar = IDelivery
    bench_type: ClassVar = DeliveryBench

    def use(self, bench: DeliveryBench, component: Any, key: str) -> object:
        """Look, and send; repeated where that is promised."""
        parcel = a_parcel(key)
        verdict = component.accepts(parcel)
        if (
            bench.remote.effects(key)
            and component.resolves_unknown is not ResolvesUnknown.SAFE_REPEAT
        ):
            return verdict.ok, True
        return verdict.ok, component.send(parcel).kind in ARRIVED

    def one_message(self, bench: DeliveryBench, component: Any) -> tuple[str, Message]:
        """The late receipt of a parcel that was sent."""
        if not _reads_messages(component):
            does_not_apply(
                "the component takes no messages", da="komponenten tager ikke imod beskeder"
            )
        component.send(a_parcel("message"))
        return "message", bench.remote.message("message")

    @check(
        "delivers",
        "A parcel arrives once, and the outcome says so with evidence.",
        da="En forsendelse ankommer én gang, og udfaldet siger det med bevis.",
    )
    def test_delivers(self, bench: DeliveryBench) -> None:
        """With a receipt; the evidence is kept for years."""
        component = bench.make()
        expect(component.accepts(a_parcel("arrives")).ok, "accepts() says no to an ordinary parcel")
        outcome = sent(component, a_parcel("arrives"))
        expect(outcome.kind in ARRIVED, f"an ordinary parcel is {outcome.kind}")
        expect(outcome.evidence.strip(), "there is no evidence")
        _one(bench, "arrives")

    @check(
        "same-key-one-effect",
        "The same key twice has one effect.",
        da="Samme nøgle to gange har én virkning.",
    )
    def test_same_key_one_effect(self, bench: DeliveryBench) -> None:
        """For who declares ``safe_repeat``; by the same component, and one made anew."""
        component = _repeatable(bench)
        for one in (component, component, bench.make()):
            outcome = sent(one, a_parcel("again"))
            expect(outcome.kind in ARRIVED, f"a repeat is {outcome.kind}")
        _one(bench, "again")

    @check(
        "same-key-at-once",
        "The same key from many threads together has one effect.",
        da="Samme nøgle fra mange tråde på én gang har én virkning.",
    )
    def test_same_key_at_once(self, bench: DeliveryBench) -> None:
        """For who declares ``safe_repeat``: two workers on one delivery."""
        component = _repeatable(bench)
        at_once(lambda _: sent(component, a_parcel("together")))
        _one(bench, "together")

    @check(
        "same-case-apart",
        "Two deliveries of one case are two: the second arrives as well, or is refused.",
        da="To leveringer af én sag er to: den anden ankommer også, eller den afvises.",
    )
    def test_same_case_apart(self, bench: DeliveryBench) -> None:
        """A case may go to two destinations that are one component."""
        component, case = bench.make(), a_parcel("first").case
        for key in ("first", "second"):
            kind = sent(component, a_parcel(key, case=case)).kind
            is_settled = kind in ARRIVED or kind is OutcomeKind.PERMANENT
            expect(is_settled, f"the {key} delivery of a case is {kind}")
            count, wanted = bench.remote.effects(key), int(kind in ARRIVED)
            expect(count == wanted, f"the {key} delivery of a case is {kind}, and {count} arrived")

    @check(
        "resolves-unknown",
        "It declares how an unknown outcome is resolved, and provides what that takes.",
        da="Den erklærer, hvordan et ukendt udfald afklares, og har det, der skal til.",
    )
    def test_resolves_unknown(self, bench: DeliveryBench) -> None:
        """``query`` takes ``IDeliveryQuery``, ``inbox`` takes ``IMessages``."""
        component = bench.make()
        how = component.resolves_unknown
        expect(isinstance(how, ResolvesUnknown), "resolves_unknown is no ResolvesUnknown")
        if how is ResolvesUnknown.QUERY:
            expect(IDeliveryQuery.providedBy(component), "query, and it cannot be asked")
        if how is ResolvesUnknown.INBOX:
            expect(_reads_messages(component), "inbox, and it reads no messages")

    @check(
        "accepts-no-effect",
        "Whether a parcel could be sent is told without any effect, and always the same.",
        da="Om en forsendelse kan sendes, siges uden nogen virkning, og altid det samme.",
    )
    def test_accepts_no_effect(self, bench: DeliveryBench) -> None:
        """No connection, file, process or thread; whatever is in the parcel."""
        component = bench.make()
        for parcel in (a_parcel("looked-at"), *_hostile_parcels()):
            with watching() as effects:
                verdicts = [called(partial(component.accepts, parcel)) for _ in "12"]
            if effects:
                broken(f"accepts() {effects[0]}")
            if not isinstance(verdicts[0].value, Verdict):
                broken(f"accepts() {verdicts[0].described}")
            expect(verdicts[0].value == verdicts[1].value, "it answers differently the second time")
            is_told = verdicts[0].value.ok or verdicts[0].value.reasons
            expect(is_told, "it says no and gives no reason")
        expect(bench.remote.effects("looked-at") == 0, "accepts() sent the parcel")

    @check(
        "any-contents",
        "Whatever a citizen wrote, the parcel arrives or is refused in proper form.",
        da="Uanset hvad en borger skrev, ankommer forsendelsen, eller den afvises i god orden.",
    )
    def test_any_contents(self, bench: DeliveryBench) -> None:
        """Control characters, broken characters, markup, very long texts, attachments."""
        component = bench.make()
        for parcel in _hostile_parcels():
            outcome = sent(component, parcel)
            expect(
                outcome.kind in (*ARRIVED, OutcomeKind.PERMANENT),
                f"an odd text makes it {outcome.kind}",
            )
            is_taken = component.accepts(parcel).ok
            expect(
                is_taken == (outcome.kind in ARRIVED),
                f"accepts() says {is_taken}, and send() {outcome.kind}",
            )

    @check(
        "earlier-parcels",
        "Parcels of cases kept by earlier versions are delivered too.",
        da="Forsendelser af sager, som tidligere udgaver har gemt, leveres også.",
    )
    def test_earlier_parcels(self, bench: DeliveryBench) -> None:
        """One of every format that cases have been kept in."""
        component = bench.make()
        for number, case in enumerate(earlier_cases()):
            outcome = sent(component, a_parcel(f"earlier-{number}", case=case))
            expect(outcome.kind in ARRIVED, f"a case of an earlier version is {outcome.kind}")

    @check(
        "declared-data",
        "It works with the personal data that it declares to read, and reaches for no other.",
        da="Den virker med de personoplysninger, den erklærer at læse, og rækker ikke efter andre.",
    )
    def test_declared_data(self, bench: DeliveryBench) -> None:
        """The parcel is stripped as it is in a municipality."""
        component, copier = bench.make(), Copier(bench.offer.reads)
        parcel = copier.copy(a_parcel("stripped"))
        came = called(lambda: (component.accepts(parcel), component.send(parcel)))
        if isinstance(came.error, NotDeclared):
            broken(str(came.error))
        if came.error is not None:
            broken(f"without what it does not declare to read, it {came.described}")
        kind = came.value[1].kind
        expect(kind in ARRIVED, f"without what it does not declare to read, the parcel is {kind}")

    @check(
        "nothing-personal-told",
        "No CPR number, name, address or secret is told in a log, an exception, the evidence, a"
        " reference or the name of a file.",
        da="Intet CPR-nummer, navn, ingen adresse eller hemmelighed røbes i en log, en fejl,"
        " beviset, en reference eller et filnavn.",
    )
    def test_nothing_personal_told(self, bench: DeliveryBench) -> None:
        """While everything goes wrong that can."""
        component = bench.make()
        words = (*personal_words_of(a_parcel().case), *bench.secrets)
        with overhearing(bench.workplace) as heard:
            heard.note(component)
            for fault in [Fault.NONE, *sorted(bench.faults)]:
                with bench.remote_behaving(fault):
                    parcel = a_parcel(f"told-{fault.name}", seconds=2)
                    came = called(partial(component.send, parcel))
                    heard.note(came.value, came.error)
        count = len(heard.found(words))
        if count:
            broken(f"{count} of {len(words)} things that may not be told are told")
        asked = addresses_at(bench.remote)
        expect(not any(word in asked for word in words), "an address at the receiver tells it")

    @check(
        "threads-apart",
        "Parcels from many threads are not mixed up.",
        da="Forsendelser fra mange tråde blandes ikke sammen.",
    )
    def test_threads_apart(self, bench: DeliveryBench) -> None:
        """Each arrives once, with a reference of its own where there are any."""
        component = bench.make()
        outcomes = at_once(lambda n: sent(component, a_parcel(f"thread-{n}")))
        for number in range(len(outcomes)):
            _one(bench, f"thread-{number}")
        references = [one.remote_reference for one in outcomes if one.remote_reference]
        expect(len(set(references)) == len(references), "two parcels have one reference")

    @check(
        "components-apart",
        "Two components with different settings, used in turn, never use each other's.",
        da="To komponenter med hver sine indstillinger, brugt skiftevis, bruger aldrig hinandens.",
    )
    def test_components_apart(self, bench: DeliveryBench) -> None:
        """Two municipalities with one plugin: ``other_settings`` and ``other_remote``."""
        if bench.other_remote is None:
            broken("the bench has no other_remote and other_settings: two are needed here")
        benches = (bench, bench.other())
        made = [one.make() for one in benches]
        for number in range(2):
            for name, component in zip("ab", made, strict=True):
                sent(component, a_parcel(f"apart-{name}-{number}"))
        for name, mine in zip("ab", benches, strict=True):
            found = [mine.remote.effects(f"apart-{other}-0") for other in "ab"]
            wanted = [1, 0] if name == "a" else [0, 1]
            expect(found == wanted, "a parcel of one component went to the other's receiver")


def _reads_messages(component: object) -> bool:
    return bool(IMessages.providedBy(component))


def _repeatable(bench: DeliveryBench) -> Any:
    component = bench.make()
    how = component.resolves_unknown
    if how is not ResolvesUnknown.SAFE_REPEAT:
        does_not_apply(
            f"it declares {how}: the core never repeats what may have arrived",
            da=f"den erklærer »{how}«: kernen gentager aldrig det, der måske er kommet frem",
        )
    return component


def _one(bench: DeliveryBench, key: str) -> None:
    count = bench.remote.effects(key)
    expect(count == 1, f"one key made {count} cases at the receiver")


def _hostile_parcels() -> list[Parcel]:
    """Parcels with texts that no citizen should be able to break anything with."""
    parcels = []
    for number, text in enumerate(_HOSTILE):
        parcel = a_parcel(f"hostile-{number}")
        answers = (Answer("remark", "Bemærkning", text, text),)
        case = replace(parcel.case, title=text[:200], groups=(AnswerGroup("s", text, answers),))
        parcels.append(replace(parcel, case=case))
    parcels.append(a_parcel("attached", attachments=(an_attachment("../../x\x00\n.png"),)))
    return parcels
