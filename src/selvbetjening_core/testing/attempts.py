"""Holding what a call came to against what the contract promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from zope.interface.interface import InterfaceClass

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.interfaces.versions import CONTRACTS, CallRules
from selvbetjening_core.testing.bench import Bench
from selvbetjening_core.testing.common import GRACE, MANY, Called, called
from selvbetjening_core.testing.conformance import broken, expect
from selvbetjening_core.testing.counterpart import Fault

T = TypeVar("T")

AWAY = (Fault.DOWN, Fault.CUT_OFF, Fault.LOST_ANSWER, Fault.BUSY, Fault.ERROR)
"""The outside system cannot be reached, or says that it cannot help now."""
ABSURD = (Fault.GARBAGE, Fault.EMPTY)
"""It answers, and the answer makes no sense."""


def rules_of(contract: InterfaceClass, method: str) -> CallRules:
    """What the contract says of the method."""
    return CONTRACTS[contract].calls[method]


def expect_as_promised(made: Called, contract: InterfaceClass, method: str, about: str) -> Any:
    """The value, if the call gave what the contract allows, in its time.

    :param about: what was asked, for the message; nothing personal
    """
    rules = rules_of(contract, method)
    if made.error is not None or not isinstance(made.value, rules.returns):
        broken(f"{method} {made.described} {about}")
    if rules.items is not None and isinstance(made.value, tuple):
        strange = [one for one in made.value if not isinstance(one, rules.items)]
        expect(not strange, f"{method} gave a tuple with something else in it {about}")
    expect_in_time(made, contract, method, about)
    return made.value


def expect_in_time(made: Called, contract: InterfaceClass, method: str, about: str) -> None:
    """Fail unless the call ended within the seconds that the contract gives it."""
    limit = rules_of(contract, method).seconds
    took = f"{method} took {made.seconds:.1f} s {about}; at most {limit:.0f} s"
    expect(made.seconds <= limit + GRACE, took)


def expect_unavailable(
    bench: Bench,
    faults: Iterable[Fault],
    contract: InterfaceClass,
    method: str,
    call: Callable[[], object],
) -> list[Called]:
    """Under each fault the call raises Unavailable in time, and nothing else; what came."""
    remote = remote_of(bench)
    found = []
    for fault in faults:
        remote.behave(fault)
        made = called(call)
        remote.behave(Fault.NONE)
        about = f'while the outside system was "{fault.value}"'
        if not isinstance(made.error, Unavailable):
            broken(f"{method} {made.described} {about}; it should raise Unavailable")
        expect_in_time(made, contract, method, about)
        found.append(made)
    return found


def remote_of(bench: Bench) -> Any:
    """The counterpart. Fails where the bench has none and does not say why."""
    if bench.remote is None:
        broken(
            "the bench has no remote to have faults: give one, or say in not_applicable"
            " why the plugin has no outside system"
        )
    return bench.remote


def in_threads(calls: Sequence[Callable[[], T]], times: int = 4) -> list[list[T]]:
    """What each call gives, each made so often, many at a time.

    :returns: for each call, in order, everything that it gave
    """
    with ThreadPoolExecutor(MANY) as pool:
        running = [[pool.submit(call) for _ in range(times)] for call in calls]
        return [[future.result() for future in futures] for futures in running]
