"""How things are timed: warm-ups first, rounds that take turns, medians."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Extent:
    """How much is measured, and by which clock.

    ``patience`` is what each bound is multiplied with: on a machine that does
    other things meanwhile, only something grossly slow can be told from noise.
    """

    rounds: int
    warm_ups: int
    calls: int
    patience: float
    clock: Callable[[], float]


FULL = Extent(rounds=15, warm_ups=2, calls=50_000, patience=1, clock=time.perf_counter)
# The processor's time: waiting for other processes does not count.
QUICK = Extent(rounds=3, warm_ups=1, calls=5_000, patience=5, clock=time.process_time)
CONTROL = Extent(rounds=3, warm_ups=1, calls=5_000, patience=1, clock=time.perf_counter)


def medians(work: Mapping[str, Callable[[], float]], extent: Extent) -> dict[str, float]:
    """The median of each work's figure, after warm-ups; the works take turns."""
    for _ in range(extent.warm_ups):
        for measured in work.values():
            measured()
    found: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(extent.rounds):
        for name, measured in work.items():
            found[name].append(measured())
    return {name: statistics.median(figures) for name, figures in found.items()}


def seconds_of(work: Callable[[], object], extent: Extent) -> float:
    """How long it takes, garbage of earlier rounds collected beforehand."""
    gc.collect()
    begun = extent.clock()
    work()
    return extent.clock() - begun


def seconds_a_call(work: Callable[[], object], extent: Extent) -> float:
    """How long one call takes, out of many in a row."""
    turns = range(extent.calls)
    begun = extent.clock()
    for _ in turns:
        work()
    return (extent.clock() - begun) / extent.calls
