"""The kit for plugins that send the daily digest."""

from __future__ import annotations

import datetime
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from selvbetjening_core.interfaces import IDigest
from selvbetjening_core.testing.attempts import (
    expect_as_promised,
    expect_in_time,
    expect_unavailable,
    in_threads,
    remote_of,
)
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import Called, CommonChecks, called
from selvbetjening_core.testing.conformance import check, expect
from selvbetjening_core.testing.counterpart import Fault
from selvbetjening_core.values import Digest, DigestLine, Trouble

_NOT_TAKEN = (Fault.DOWN, Fault.CUT_OFF, Fault.BUSY, Fault.UNAUTHORISED)
_PERHAPS_TAKEN = (Fault.LOST_ANSWER, Fault.HANG)
# In Denmark it is the next day already.
_MADE = datetime.datetime(2026, 11, 2, 23, 30, tzinfo=datetime.UTC)
_DAY = datetime.date(2026, 11, 3)
_MANY = 200


@dataclass(kw_only=True)
class DigestBench(Bench):
    """A plugin that sends digests, and what was received.

    :param taken: every digest that was received, as those who receive it read it
    :param faults: what the other end can do wrong
    """

    taken: Callable[[], Sequence[str]]
    faults: frozenset[Fault] = frozenset({*_NOT_TAKEN, *_PERHAPS_TAKEN})


class DigestConformance(CommonChecks):
    """What a plugin that implements ``IDigest`` is held to."""

    contract: ClassVar = IDigest
    bench_type: ClassVar = DigestBench

    def use(self, bench: DigestBench, component: Any, key: str) -> object:
        """Send one digest."""
        made = _send(component, a_digest(key=key))
        return expect_as_promised(made, IDigest, "send", "for a digest")

    @check(
        "told-whole",
        "Every line arrives, with number, destination and reason; and so does the link.",
        da="Hver linje kommer frem med nummer, modtager og grund; og det gør linket også.",
    )
    def test_told_whole(self, bench: DigestBench) -> None:
        """A short one, and one with many lines."""
        component = bench.make()
        for digest in (a_digest(), a_digest(key="many", lines=_many_lines(), has_more=True)):
            text = _received(bench, component, digest)
            for line in digest.lines:
                for told in (line.receipt_number, line.component, line.reason):
                    expect(told in text, f"a line lacks its {told!r}")
            expect(digest.url in text, "the link to the page is missing")

    @check(
        "parked-and-overdue-apart",
        "What is parked can be told from what is overdue.",
        da="Det, der kræver handling, kan skelnes fra det, der er forsinket.",
    )
    def test_apart(self, bench: DigestBench) -> None:
        """The same line, once as each."""
        component = bench.make()
        (line, *_) = a_digest().lines
        texts = [
            _received(
                bench, component, a_digest(key=one, lines=(replace(line, trouble=one),), parked=1)
            )
            for one in Trouble
        ]
        expect(texts[0] != texts[1], "a parked delivery reads as an overdue one")

    @check(
        "nothing-to-tell",
        "A digest without lines is sent, too, and says that there is nothing.",
        da="Et overblik uden linjer sendes også og siger, at der ikke er noget.",
    )
    def test_nothing_to_tell(self, bench: DigestBench) -> None:
        """The core asks for it only where the municipality wants it."""
        text = _received(bench, bench.make(), a_digest(parked=0, lines=()))
        expect(bool(text.strip()), "nothing could be read in it")

    @check(
        "danish-time",
        "Times are those of Denmark.",
        da="Tider er danske.",
    )
    def test_danish_time(self, bench: DigestBench) -> None:
        """What was accepted half an hour before midnight UTC was accepted the day after."""
        (line, *_) = a_digest().lines
        text = _received(bench, bench.make(), a_digest(lines=(replace(line, since=_MADE),)))
        expect("00.30" in text or "00:30" in text, "the time is not the one in Denmark")

    @check(
        "nothing-added",
        "Nothing is added that points to the machine.",
        da="Der lægges intet til, som peger på maskinen.",
    )
    def test_nothing_added(self, bench: DigestBench) -> None:
        """Looked for in what was received."""
        text = _received(bench, bench.make(), a_digest())
        machine = socket.gethostname()
        expect(not machine or machine not in text, "the machine's name was told")

    @check(
        "not-taken",
        "A system that takes nothing is Unavailable, in time.",
        da="Et system, der ikke tager imod, meldes utilgængeligt i tide.",
        optional=True,
    )
    def test_not_taken(self, bench: DigestBench) -> None:
        """So that the core tries again."""
        component, before = bench.make(), len(bench.taken())
        faults = [one for one in _NOT_TAKEN if one in bench.faults]
        one = a_digest()
        expect_unavailable(bench, faults, IDigest, "send", lambda: component.send(one))
        taken = len(bench.taken()) - before
        expect(not taken, "something was taken in although it was told that nothing was")

    @check(
        "never-doubled-by-itself",
        "A lost answer is Unavailable; the plugin repeats nothing on its own.",
        da="Et tabt svar meldes utilgængeligt; pluginet gentager intet af sig selv.",
        optional=True,
    )
    def test_never_doubled(self, bench: DigestBench) -> None:
        """Whether to repeat it is the core's to decide."""
        remote = remote_of(bench)
        component, before = bench.make(), len(bench.taken())
        possible = (one for one in _PERHAPS_TAKEN if one in bench.faults)
        for number, fault in enumerate(possible, start=1):
            remote.behave(fault)
            made = _send(component, a_digest(key=f"lost-{number}"))
            remote.behave(Fault.NONE)
            expect(made.error is not None, f'send gave no error while "{fault.value}"')
            expect_in_time(made, IDigest, "send", f'while the system was "{fault.value}"')
            taken = len(bench.taken()) - before
            expect(taken <= number, f'one digest became more while "{fault.value}"')

    @check(
        "thread-safe",
        "Many at once are each sent once.",
        da="Mange på én gang sendes hver én gang.",
    )
    def test_thread_safe(self, bench: DigestBench) -> None:
        """One component, from many threads."""
        component, before = bench.make(), len(bench.taken())
        calls = [partial(_send, component, a_digest(key=f"at-once-{n}")) for n in range(4)]
        in_threads(calls, times=2)
        taken = len(bench.taken()) - before
        expect(taken == 8, f"{taken} were received where 8 were sent")


def a_digest(**changes: Any) -> Digest:
    """One delivery parked, and one overdue.

    :param changes: fields to put in place of the ready-made ones
    """
    fields: dict[str, Any] = {
        "key": "digest-0773-2026-11-03",
        "municipality_code": "0773",
        "authority": "Morsø Kommune",
        "day": _DAY,
        "made_at": _MADE,
        "parked": 1,
        "lines": (
            _line(1, Trouble.PARKED, "The receiver refused it."),
            _line(2, Trouble.OVERDUE, "It did not arrive, and is sent again later."),
        ),
        "url": "https://mors.example/-/drift",
    }
    return Digest(**{**fields, **changes})


def _line(number: int, trouble: Trouble, reason: str) -> DigestLine:
    return DigestLine(
        receipt_number=f"2026-7KQ4-{number:04}",
        destination="case_system",
        component="journal",
        trouble=trouble,
        since=_MADE - datetime.timedelta(hours=number * 30),
        reason=reason,
    )


def _many_lines() -> tuple[DigestLine, ...]:
    return tuple(_line(n, Trouble.PARKED, "Nobody knows.") for n in range(_MANY))


def _received(bench: DigestBench, component: Any, digest: Digest) -> str:
    """What was read of a digest that was sent now."""
    before = len(bench.taken())
    made = _send(component, digest)
    expect_as_promised(made, IDigest, "send", "for a digest")
    taken = list(bench.taken())[before:]
    expect(len(taken) == 1, f"{len(taken)} were received where one was sent")
    return taken[0]


def _send(component: Any, digest: Digest) -> Called:
    return called(lambda: component.send(digest))
