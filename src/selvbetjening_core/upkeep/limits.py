"""How long what was accepted under a definition is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from selvbetjening_core.composition.retention_settings import RetentionSettings
from selvbetjening_core.definitions.model import Retention, Solution
from selvbetjening_core.journey.records import RetentionLimit


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one municipality.

    The shorter one holds of what was said when something was accepted, and what
    the solution says now: nothing is kept longer than was promised, and a
    municipality that shortens a limit shortens it for all there is. Of a
    solution that is offered no more, what it last said holds.

    :param noted: what the definitions said, by solution and fingerprint
    :param now: what the solutions say that are offered now
    :param last: what solutions said when they were last offered
    """

    noted: Mapping[tuple[str, str], Retention]
    now: Mapping[str, Retention]
    last: Mapping[str, Retention]
    otherwise: Retention

    @classmethod
    def of(
        cls,
        offered: Iterable[Solution],
        noted: Sequence[RetentionLimit],
        settings: RetentionSettings,
    ) -> Limits:
        """Put together what is known."""
        by_age = sorted(noted, key=lambda one: one.offered_on)
        return cls(
            noted={(one.solution, one.definition_sha256): _said(one) for one in noted},
            now={one.name: one.retention for one in offered},
            last={one.solution: _said(one) for one in by_age},
            otherwise=Retention(settings.draft_days, settings.delivered_days),
        )

    def draft_days(self, solution: str, sha256: str) -> int:
        """How many days after its last change a draft is kept."""
        return min(one.draft_days for one in self._that_hold(solution, sha256))

    def delivered_days(self, solution: str, sha256: str) -> int:
        """How many days after the end of its last delivery a submission is kept."""
        return min(one.delivered_days for one in self._that_hold(solution, sha256))

    def shortest(self, solution: str, days: Callable[[Retention], int]) -> int:
        """The fewest days that any version of ``solution`` is kept."""
        versions = [said for (name, _), said in self.noted.items() if name == solution]
        return min(map(days, (*versions, *self._that_hold(solution, ""))))

    def _that_hold(self, solution: str, sha256: str) -> Sequence[Retention]:
        found = [self.noted.get((solution, sha256)), self.now.get(solution)]
        known = [one for one in found if one is not None]
        return known or [self.last.get(solution, self.otherwise)]


def _said(limit: RetentionLimit) -> Retention:
    return Retention(limit.draft_days, limit.delivered_days)
