"""The kit for plugins that say how a case stands."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Protocol

from selvbetjening_core.interfaces import IStatus
from selvbetjening_core.testing import cases
from selvbetjening_core.testing.attempts import (
    ABSURD,
    AWAY,
    expect_as_promised,
    expect_unavailable,
    in_threads,
    remote_of,
)
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import Called, called
from selvbetjening_core.testing.conformance import check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.testing.outside import OutsideChecks
from selvbetjening_core.testing.watching import overhearing, personal_words
from selvbetjening_core.values import CaseState, CaseStatus, StatusRequest

_TOLD = tuple(state for state in CaseState if state is not CaseState.NOT_KNOWN)


class StatusRemote(Protocol):
    """The system that handles cases. Written by the vendor, driven by the kit."""

    def behave(self, fault: Fault) -> None:
        """Have this fault from now on."""

    def has_case(self, request: StatusRequest, status: CaseStatus) -> None:
        """The system has the case that ``request`` asks about, and it stands so."""


@dataclass(kw_only=True)
class StatusBench(Bench):
    """A status plugin, and the system that it asks.

    :param states: those that the system can tell of
    """

    remote: StatusRemote
    states: tuple[CaseState, ...] = _TOLD


class StatusConformance(OutsideChecks):
    """What a plugin that implements ``IStatus`` is held to."""

    contract: ClassVar = IStatus
    bench_type: ClassVar = StatusBench

    def use(self, bench: StatusBench, component: Any, key: str) -> object:
        """Ask about a case of that key, which the system has."""
        remote_of(bench).has_case(_request(key), CaseStatus(bench.states[0]))
        return _status(component, _request(key))

    @check(
        "as-the-system-says",
        "What the system says of a case comes out as it is, for every state it can have.",
        da="Det, systemet siger om en sag, kommer uændret ud i alle de tilstande, den kan have.",
    )
    def test_as_the_system_says(self, bench: StatusBench) -> None:
        """State and sentence; and the second answer is the first."""
        component = bench.make()
        for state in bench.states:
            request = _request(state.value)
            said = CaseStatus(state, f"Sagen er {state.value}.", cases.RECEIVED)
            remote_of(bench).has_case(request, said)
            found = _status(component, request)
            expect(found.state is state, f"{state.value} came out as {found.state}")
            expect(found.text in ("", said.text), f"the sentence for {state.value} is another")
            expect(_status(component, request) == found, "asked again, the answer is another")

    @check(
        "times-in-utc",
        "A time that is told is in UTC, and is the system's.",
        da="Et tidspunkt, der oplyses, er i UTC og er systemets eget.",
    )
    def test_times_in_utc(self, bench: StatusBench) -> None:
        """A system that tells no time leaves it out."""
        component = bench.make()
        request = _request("timed")
        remote_of(bench).has_case(request, CaseStatus(bench.states[0], "", cases.RECEIVED))
        moment = _status(component, request).changed_at
        if moment is None:
            return
        expect(moment.utcoffset() == datetime.timedelta(0), "the time is not in UTC")
        expect(moment == cases.RECEIVED, "the time is not the system's")

    @check(
        "unknown-case",
        "A case that the system does not know is not_known: no error, and no other case.",
        da="En sag, systemet ikke kender, er ukendt: ingen fejl og ikke en anden sag.",
    )
    def test_unknown_case(self, bench: StatusBench) -> None:
        """By an unknown key and reference; and by strange ones."""
        component = bench.make()
        remote_of(bench).has_case(_request("another"), CaseStatus(bench.states[0], "En anden sag."))
        for word in ("nobody", "", "../another", "æ" * 500, "' OR 1=1 --", "*"):
            found = _status(component, _request(word))
            expect(found.state is CaseState.NOT_KNOWN, f"an unknown case is {found.state}")

    @check(
        "each-its-own",
        "Each request gets its own case's answer, also when many ask at once.",
        da="Hver forespørgsel får sin egen sags svar, også når mange spørger på én gang.",
    )
    def test_each_its_own(self, bench: StatusBench) -> None:
        """One component, asked from many threads."""
        component = bench.make()
        requests = [_request(f"case-{number}") for number in range(8)]
        said = [bench.states[number % len(bench.states)] for number in range(8)]
        for request, state in zip(requests, said, strict=True):
            remote_of(bench).has_case(request, CaseStatus(state))
        calls = [partial(_state, component, request) for request in requests]
        for found, state in zip(in_threads(calls), said, strict=True):
            expect(all(one is state for one in found), "a case got another case's answer")

    @check(
        "away",
        "A system that cannot be reached, or answers nonsense, is Unavailable, in time.",
        da="Et system, der ikke kan nås eller svarer volapyk, meldes utilgængeligt i tide.",
    )
    def test_away(self, bench: StatusBench) -> None:
        """Never a state that nobody told; afterwards it answers again."""
        component = bench.make()
        request = _request("away")
        remote_of(bench).has_case(request, CaseStatus(bench.states[0]))
        faults = (*AWAY, *ABSURD, Fault.UNAUTHORISED, Fault.HANG)
        expect_unavailable(bench, faults, IStatus, "status", lambda: component.status(request))
        found = _status(component, request)
        expect(found.state is bench.states[0], "it does not answer again afterwards")

    @check(
        "sentence-not-told",
        "The receiver's sentence is in no log line, exception, file name or print.",
        da="Modtagerens sætning står ikke i log, fejl, filnavne eller udskrift.",
    )
    def test_sentence_not_told(self, bench: StatusBench) -> None:
        """A sentence with a CPR number and a name; also while the system is away."""
        words = personal_words(cases.a_person())
        request = _request("personal")
        with overhearing(bench.workplace) as heard:
            component = bench.make()
            sentence = " ".join(words)
            remote_of(bench).has_case(request, CaseStatus(bench.states[0], sentence))
            for fault in (Fault.NONE, Fault.DOWN, Fault.LOST_ANSWER, Fault.GARBAGE):
                remote_of(bench).behave(fault)
                heard.note(_ask(component, request).error)
        found = heard.found(words)
        expect(not found, f"{len(found)} parts of the sentence were told elsewhere")


def _request(word: str) -> StatusRequest:
    return StatusRequest(f"key-{word}", f"ref-{word}", "da")


def _ask(component: Any, request: StatusRequest) -> Called:
    return called(lambda: component.status(request))


def _status(component: Any, request: StatusRequest) -> CaseStatus:
    made = _ask(component, request)
    found: CaseStatus = expect_as_promised(made, IStatus, "status", "for a case")
    return found


def _state(component: Any, request: StatusRequest) -> CaseState:
    return _status(component, request).state
