"""The kit for plugins that look people up in a register."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Protocol

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces import IPrefill
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import GRACE, MANY, Called, at_once, called
from selvbetjening_core.testing.conformance import broken, check, does_not_apply, expect
from selvbetjening_core.testing.counterpart import Counterpart, Fault
from selvbetjening_core.testing.outside import OutsideChecks
from selvbetjening_core.testing.watching import overhearing, personal_words, written
from selvbetjening_core.values import Child, CprNumber, Household, Person

_SECONDS = CONTRACTS[IPrefill].calls["household"].seconds + GRACE
_AWAY = (
    Fault.DOWN,
    Fault.CUT_OFF,
    Fault.HANG,
    Fault.LOST_ANSWER,
    Fault.BUSY,
    Fault.TOO_MANY,
    Fault.ERROR,
    Fault.GATEWAY,
)
_ABSURD = (Fault.GARBAGE, Fault.EMPTY, Fault.UNAUTHORISED)


class PrefillRemote(Protocol):
    """The register at the other end. Written by the vendor, driven by the kit."""

    def behave(self, fault: Fault) -> None:
        """Have this fault from now on."""


@dataclass(kw_only=True)
class PrefillBench(Bench):
    """A plugin that looks people up, and the register it asks.

    :param known: whom the register knows, as the plugin should return them; of
        ``source`` and ``retrieved_at`` only that they are there is checked. It
        should hold a child without custody, one at another address, and a person
        with name and address protection
    :param unknown: a number that the register does not know
    :param away: settings in place of those of the bench that make a component
        whose register is away, where there is no ``remote`` that can be
    """

    known: tuple[Household, ...]
    unknown: CprNumber
    remote: PrefillRemote | None = None
    away: dict[str, object] | None = None


class PrefillConformance(OutsideChecks):
    """What a plugin that implements ``IPrefill`` is held to."""

    contract: ClassVar = IPrefill
    bench_type: ClassVar = PrefillBench

    def use(self, bench: Any, component: Any, key: str) -> object:
        """Somebody is looked up. The time it was done is not compared."""
        found = component.household(bench.known[0].person.cpr)
        return found and (found.person, found.children, found.source)

    @check(
        "known-as-known",
        "Whom the register knows is returned as it knows them: name, address, children, household.",
        da="Den, registret kender, kommer ud, som registret kender personen: navn, adresse,"
        " børn og husstand.",
    )
    def test_known_as_known(self, bench: PrefillBench) -> None:
        """Everybody the bench names, twice: asking has no effect."""
        component = bench.make()
        for wanted in (*bench.known, *bench.known):
            found = _found(component, wanted)
            for name in ("cpr", "name", "address"):
                same = getattr(found.person, name) == getattr(wanted.person, name)
                expect(same, f"a person's {name} is not the register's")
            _same_children(found, wanted)
            _same_others(found, wanted)

    @check(
        "unknown-is-none",
        "A number that the register does not know gives nothing, and is no error.",
        da="Et nummer, registret ikke kender, giver ingenting og er ingen fejl.",
    )
    def test_unknown_is_none(self, bench: PrefillBench) -> None:
        """``None``, and never an empty person."""
        call = called(lambda: bench.make().household(bench.unknown))
        is_none = call.error is None and call.value is None
        expect(is_none, f"an unknown number {call.described}")

    @check(
        "custody-is-a-fact",
        "Custody is what the register says, and nothing else: not who lives where, nor the age.",
        da="Forældremyndighed er det, registret siger, og intet andet: ikke hvem der bor hvor,"
        " eller hvor gammelt barnet er.",
    )
    def test_custody_is_a_fact(self, bench: PrefillBench) -> None:
        """With custody and without; the bench must know one of each."""
        component, seen = bench.make(), set()
        for wanted in bench.known:
            custody = {child.person.cpr: child.custody for child in wanted.children}
            seen |= set(custody.values())
            for child in _found(component, wanted).children:
                same = child.custody == custody.get(child.person.cpr)
                expect(same, "a child's custody is not what the register says")
        expect(seen == {True, False}, "the bench knows no child with, or none without custody")

    @check(
        "address-is-a-fact",
        "A child's address is the child's own, and none is made up where the register has none.",
        da="Et barns adresse er barnets egen, og ingen opfindes, hvor registret ingen har.",
    )
    def test_address_is_a_fact(self, bench: PrefillBench) -> None:
        """Children who live elsewhere are there, with the key of their own dwelling."""
        component, elsewhere = bench.make(), 0
        for wanted in bench.known:
            addresses = {child.person.cpr: child.person.address for child in wanted.children}
            for child in _found(component, wanted).children:
                same = child.person.address == addresses.get(child.person.cpr)
                expect(same, "a child's address is not the child's own")
            elsewhere += any(one != wanted.person.address for one in addresses.values())
        expect(elsewhere, "the bench knows no child who lives elsewhere")

    @check(
        "protected-kept",
        "Name and address protection is told of everybody who has it, and of nobody else.",
        da="Navne- og adressebeskyttelse meldes for alle, der har den, og ingen andre.",
    )
    def test_protected_kept(self, bench: PrefillBench) -> None:
        """Of the person asked about, and of each child."""
        component = bench.make()
        for wanted in bench.known:
            found = _found(component, wanted)
            protected = {one.cpr: one.protected for one in _everybody(wanted)}
            for one in _everybody(found):
                same = one.protected == protected.get(one.cpr)
                expect(same, "a person's protection is not what the register says")

    @check(
        "protection-seen",
        "The bench shows it somebody with name and address protection.",
        da="Prøven omfatter en person med navne- og adressebeskyttelse.",
        optional=True,
    )
    def test_protection_seen(self, bench: PrefillBench) -> None:
        """Or says why its register can have none."""
        anybody = any(one.protected for wanted in bench.known for one in _everybody(wanted))
        expect(anybody, "the bench knows nobody with name and address protection")

    @check(
        "retrieved-at",
        "It says which register it was and when it was asked, in time with a zone.",
        da="Den siger, hvilket register det var, og hvornår det blev spurgt, med tidszone.",
    )
    def test_retrieved_at(self, bench: PrefillBench) -> None:
        """Never later than now: it stands on the receipt."""
        found = _found(bench.make(), bench.known[0])
        expect(found.source.strip(), "source is empty")
        expect(found.retrieved_at.tzinfo is not None, "retrieved_at has no time zone")
        ahead = found.retrieved_at - bench.now()
        expect(ahead <= datetime.timedelta(seconds=1), "retrieved_at is in the future")

    @check(
        "register-away",
        "A register that cannot be reached is Unavailable, within the time of the contract.",
        da="Kan registret ikke nås, meldes det som utilgængeligt inden for kontraktens tid.",
    )
    def test_register_away(self, bench: PrefillBench) -> None:
        """Never nothing, which means that the number is not known; nor what it said before."""
        for what, call in _calls_under(bench, _AWAY):
            expect(call.seconds <= _SECONDS, f"{what}: it took {call.seconds:.1f} s")
            is_told = isinstance(call.error, Unavailable)
            expect(is_told, f"{what}: it {call.described}, not Unavailable")

    @check(
        "register-absurd",
        "A register that answers nonsense is Unavailable, and no half of a person comes out.",
        da="Svarer registret volapyk, meldes det som utilgængeligt, og ingen halv person kommer"
        " ud.",
    )
    def test_register_absurd(self, bench: PrefillBench) -> None:
        """Garbage, nothing at all, and no right to ask."""
        if bench.remote is None:
            does_not_apply(
                "the bench has no register whose answers could be nonsense",
                da="prøven har intet register, hvis svar kunne være volapyk",
            )
        for what, call in _calls_under(bench, _ABSURD):
            is_told = isinstance(call.error, Unavailable)
            expect(is_told, f"{what}: it {call.described}, not Unavailable")

    @check(
        "half-way",
        "A register that fails half-way is Unavailable: nobody comes out without their children.",
        da="Svigter registret undervejs, meldes det som utilgængeligt: ingen kommer ud uden sine"
        " børn.",
    )
    def test_half_way(self, bench: PrefillBench) -> None:
        """Where one look-up takes several requests: each after the first fails in turn."""
        remote, number = bench.remote, bench.known[0].person.cpr
        if not isinstance(remote, Counterpart):
            does_not_apply(
                "the bench has no register that could fail half-way",
                da="prøven har intet register, der kunne svigte halvvejs",
            )
        component, before = bench.make(), len(remote.requests)
        component.household(number)
        count = len(remote.requests) - before
        if count < 2:
            does_not_apply("one look-up is one request", da="ét opslag er én forespørgsel")
        for spared in range(1, count):
            for fault in (Fault.CUT_OFF, Fault.ERROR, Fault.GARBAGE, Fault.UNAUTHORISED):
                remote.spared = spared
                with bench.remote_behaving(fault):
                    call = called(lambda: component.household(number))
                is_told = isinstance(call.error, Unavailable)
                expect(is_told, f"{fault} at request {spared + 1}: it {call.described}")

    @check(
        "back-again",
        "When the register is back, so are its answers.",
        da="Når registret er der igen, er dets svar det også.",
    )
    def test_back_again(self, bench: PrefillBench) -> None:
        """The same component goes on."""
        if bench.remote is None:
            does_not_apply(
                "the bench has no register that could come back",
                da="prøven har intet register, der kunne komme tilbage",
            )
        component, wanted = bench.make(), bench.known[0]
        bench.remote.behave(Fault.DOWN)
        called(lambda: component.household(wanted.person.cpr))
        bench.remote.behave(Fault.NONE)
        _same_children(_found(component, wanted), wanted)

    @check(
        "thread-safe",
        "Many citizens at once each get their own household.",
        da="Mange borgere på én gang får hver sin egen husstand.",
    )
    def test_thread_safe(self, bench: PrefillBench) -> None:
        """One component serves all threads."""
        component, count = bench.make(), len(bench.known)
        expect(count > 1, "the bench knows one household only")
        numbers = [bench.known[one % count].person.cpr for one in range(MANY * 2)]
        answers = at_once(lambda one: component.household(numbers[one]), MANY * 2)
        for wanted, found in zip(numbers, answers, strict=True):
            is_own = isinstance(found, Household) and found.person.cpr == wanted
            expect(is_own, "in threads somebody got another household, or none")

    @check(
        "cpr-not-told",
        "CPR numbers, names and addresses are in no log line, exception or address.",
        da="CPR-numre, navne og adresser står ikke i nogen loglinje, fejl eller webadresse.",
    )
    def test_cpr_not_told(self, bench: PrefillBench) -> None:
        """Of the known, the unknown, and while the register is away."""
        people = [one for wanted in bench.known for one in _everybody(wanted)]
        with overhearing(bench.workplace) as overheard:
            component = bench.make()
            for number in (*(one.person.cpr for one in bench.known), bench.unknown):
                overheard.note(called(partial(component.household, number)).error)
            for _, call in _calls_under(bench, (Fault.DOWN, Fault.GARBAGE, Fault.ERROR)):
                if call.error is not None:
                    overheard.note(call.error)
        told = overheard.found((*personal_words(*people), *written(bench.unknown)))
        expect(not told, "a CPR number, a name or an address was told, where others can read it")
        words = personal_words(*people, replace(people[0], cpr=bench.unknown))
        for asked in getattr(bench.remote, "requests", ()):
            line = f"{asked.path} {' '.join(asked.query.values())}"
            expect(not any(word in line for word in words), "an address at the register tells it")


def _found(component: Any, wanted: Household) -> Household:
    call = called(lambda: component.household(wanted.person.cpr))
    if not isinstance(call.value, Household):
        broken(f"for somebody the register knows, it {call.described}")
    return call.value


def _everybody(household: Household) -> tuple[Person, ...]:
    children = (child.person for child in household.children)
    return household.person, *children, *household.others


def _same_children(found: Household, wanted: Household) -> None:
    def facts(child: Child) -> tuple[str, str]:
        return child.person.cpr.reveal(), child.person.name

    same = sorted(map(facts, found.children)) == sorted(map(facts, wanted.children))
    expect(same, "the children are not those that the register knows")


def _same_others(found: Household, wanted: Household) -> None:
    others = [other.cpr for other in found.others]
    expect(len(others) == len(set(others)), "somebody who lives there is told of twice")
    known = {found.person.cpr, *(child.person.cpr for child in found.children)}
    expect(known.isdisjoint(others), "a child, or the person, is among the others who live there")
    same = set(others) == {other.cpr for other in wanted.others}
    expect(same, "those who live there are not those that the register knows")


def _calls_under(bench: PrefillBench, faults: tuple[Fault, ...]) -> list[tuple[str, Called]]:
    """What asking comes to while the register has each of the faults."""
    number = bench.known[0].person.cpr
    if bench.remote is None:
        if bench.away is None:
            broken("the bench has neither a remote nor settings with which the register is away")
        component = bench.make(**bench.away)
        return [("set to be away", called(lambda: component.household(number)))]
    found, component = [], bench.make()
    component.household(number)
    for fault in faults:
        bench.remote.behave(fault)
        found.append((fault.value, called(lambda: component.household(number))))
    bench.remote.behave(Fault.NONE)
    return found
