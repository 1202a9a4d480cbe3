"""The kit for plugins that hand measurements on."""

from __future__ import annotations

import datetime
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from selvbetjening_core.interfaces import IMeasure
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
from selvbetjening_core.values import Channel, Measured, Measurement

_DAY = datetime.date(2026, 11, 2)
_TIME_OF_DAY = re.compile(rb"\d\d:\d\d(:\d\d)?|T\d{6}")
_NOT_TAKEN = (Fault.DOWN, Fault.CUT_OFF, Fault.BUSY, Fault.UNAUTHORISED)
_PERHAPS_TAKEN = (Fault.LOST_ANSWER, Fault.ERROR, Fault.HANG)


@dataclass(kw_only=True)
class MeasureBench(Bench):
    """A measuring plugin, and what its statistics system has taken in.

    :param taken: every measurement that was taken in, as raw as it came
    """

    taken: Callable[[], Sequence[bytes]]


class MeasureConformance(CommonChecks):
    """What a plugin that implements ``IMeasure`` is held to."""

    contract: ClassVar = IMeasure
    bench_type: ClassVar = MeasureBench

    def use(self, bench: MeasureBench, component: Any, key: str) -> object:
        """Record one measurement."""
        made = _record(component, a_measurement(solution=key))
        return expect_as_promised(made, IMeasure, "record", "for a journey begun")

    @check(
        "handed-on-once",
        "Each measurement is handed on once.",
        da="Hver måling gives videre én gang.",
    )
    def test_handed_on_once(self, bench: MeasureBench) -> None:
        """Every kind there is, and a satisfaction of each score."""
        component, before = bench.make(), len(bench.taken())
        measurements = _all_kinds()
        for number, measurement in enumerate(measurements, start=1):
            made = _record(component, measurement)
            expect_as_promised(made, IMeasure, "record", f"for {measurement.what}")
            taken = len(bench.taken()) - before
            expect(taken == number, f"{taken} were taken in after {number} were recorded")

    @check(
        "told-apart",
        "Solutions, days, channels and scores can be told apart in what was handed on.",
        da="Løsninger, dage, kanaler og karakterer kan skelnes i det, der gives videre.",
    )
    def test_told_apart(self, bench: MeasureBench) -> None:
        """No two measurements that differ look the same to the system."""
        component, before = bench.make(), len(bench.taken())
        for measurement in _all_kinds():
            _record(component, measurement)
        taken = list(bench.taken())[before:]
        expect(len(set(taken)) == len(taken), "two different measurements look the same")

    @check(
        "nothing-personal",
        "Nothing is added that points to somebody: no time of day, no machine.",
        da="Der lægges intet til, som peger på nogen: hverken klokkeslæt eller maskine.",
    )
    def test_nothing_personal(self, bench: MeasureBench) -> None:
        """Looked for in what the system took in."""
        component = bench.make()
        for measurement in _all_kinds():
            _record(component, measurement)
        machine = socket.gethostname().encode()
        for raw in bench.taken():
            expect(not _TIME_OF_DAY.search(raw), "a time of day was handed on")
            expect(not machine or machine not in raw, "the machine's name was handed on")

    @check(
        "not-taken",
        "A system that takes nothing is Unavailable, in time.",
        da="Et system, der ikke tager imod, meldes utilgængeligt i tide.",
        optional=True,
    )
    def test_not_taken(self, bench: MeasureBench) -> None:
        """And nothing is handed on later behind the core's back."""
        component, before = bench.make(), len(bench.taken())
        one = a_measurement()
        expect_unavailable(bench, _NOT_TAKEN, IMeasure, "record", lambda: component.record(one))
        taken = len(bench.taken()) - before
        expect(not taken, "something was taken in although it was told that nothing was")

    @check(
        "never-doubled",
        "A lost answer makes no second: it may be lost, never doubled.",
        da="Et tabt svar giver ikke én mere: den må gå tabt, men aldrig blive til to.",
        optional=True,
    )
    def test_never_doubled(self, bench: MeasureBench) -> None:
        """The plugin does not repeat on its own what may have arrived."""
        remote = remote_of(bench)
        component, before = bench.make(), len(bench.taken())
        for number, fault in enumerate(_PERHAPS_TAKEN, start=1):
            remote.behave(fault)
            made = _record(component, a_measurement())
            remote.behave(Fault.NONE)
            expect_in_time(made, IMeasure, "record", f'while the system was "{fault.value}"')
            taken = len(bench.taken()) - before
            expect(taken <= number, f'one measurement became more while "{fault.value}"')

    @check(
        "thread-safe",
        "Many at once are each handed on once.",
        da="Mange på én gang gives hver videre én gang.",
    )
    def test_thread_safe(self, bench: MeasureBench) -> None:
        """One component, from many threads."""
        component, before = bench.make(), len(bench.taken())
        calls = [partial(_record, component, m) for m in _all_kinds()]
        in_threads(calls, times=2)
        taken, wanted = len(bench.taken()) - before, 2 * len(calls)
        expect(taken == wanted, f"{taken} were taken in where {wanted} were recorded")


def a_measurement(**changes: Any) -> Measurement:
    """A journey begun, once.

    :param changes: fields to put in place of the ready-made ones
    """
    fields: dict[str, Any] = {
        "what": Measured.STARTED,
        "municipality_code": "0773",
        "solution": "sundhedskort",
        "definition_version": "2026.1",
        "channel": Channel.SELF_SERVICE,
        "day": _DAY,
    }
    return Measurement(**{**fields, **changes})


def _all_kinds() -> list[Measurement]:
    next_day = _DAY + datetime.timedelta(days=1)
    return [
        a_measurement(),
        a_measurement(what=Measured.COMPLETED),
        a_measurement(channel=Channel.PHONE),
        a_measurement(solution="flytning"),
        a_measurement(day=next_day),
        *(a_measurement(what=Measured.SATISFACTION, score=score) for score in range(1, 6)),
    ]


def _record(component: Any, measurement: Measurement) -> Called:
    return called(lambda: component.record(measurement))
