"""Stacks that take turns: what each spent in each round, and ratios within a round."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answering.worker import WORKS, Spent, Worker


@dataclass(frozen=True)
class Ratio:
    """Median of the ratios of the rounds, and the least and greatest of them."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, found: Sequence[float]) -> Ratio:
        """The ratios of some rounds."""
        return cls(statistics.median(found), min(found), max(found))

    def __str__(self) -> str:
        return f"{self.median:.2f} x ({self.least:.2f} to {self.greatest:.2f})"


@dataclass(frozen=True)
class Rounds:
    """What was spent, by stack and kind of request, a figure for each round."""

    spent: Mapping[tuple[str, str], Sequence[Spent]]

    def processor(self, stack: str, work: str) -> float:
        """The median, in microseconds."""
        return statistics.median(one.processor for one in self.spent[stack, work])

    def wall(self, stack: str, work: str) -> float:
        """The median, in microseconds."""
        return statistics.median(one.wall for one in self.spent[stack, work])

    def ratio(self, stack: str, to: str, work: str) -> Ratio:
        """How often what ``to`` spends goes into what ``stack`` spends."""
        pairs = zip(self.spent[stack, work], self.spent[to, work], strict=True)
        return Ratio.of([one.processor / other.processor for one, other in pairs])

    def more(self, stack: str, than: str, work: str) -> float:
        """The median of what ``stack`` spends more, in microseconds."""
        pairs = zip(self.spent[stack, work], self.spent[than, work], strict=True)
        return statistics.median(one.processor - other.processor for one, other in pairs)


def measured(
    workers: Mapping[str, Worker], rounds: int, times: int, works: Sequence[str] = WORKS
) -> Rounds:
    """Ask all in turn, round after round; the first round, which warms up, is left out.

    Each round begins with another one, so that none always comes first.
    """
    spent: dict[tuple[str, str], list[Spent]] = {}
    for turn in range(rounds + 1):
        first = turn % len(workers)
        order = [*workers.items()][first:] + [*workers.items()][:first]
        for work in works:
            for name, worker in order:
                found = worker.spent(work, times)
                if turn:
                    spent.setdefault((name, work), []).append(found)
    return Rounds(spent)
