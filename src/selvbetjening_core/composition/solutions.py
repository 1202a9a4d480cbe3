"""Reading the solutions of an installation, each with the field kinds it meets."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from selvbetjening_core.composition.installation import Installation
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.problems import Problem, Problems
from selvbetjening_core.values import KindDeclaration


class SolutionShelf:
    """The solutions, read when a municipality asks, once for each plugin set.

    A field kind may exist in one plugin set and not in another: a solution has
    to fit the sets of the municipalities that offer it, and no other.
    """

    def __init__(
        self, installation: Installation, today: datetime.date, problems: Problems
    ) -> None:
        self._folders = installation.solutions
        self.is_complete = installation.is_complete
        """Were all folders with solutions found? Else one may be in the missing one."""
        self.today = today
        """The day that everything is checked for."""
        self._problems = problems
        self._seen: set[Problem] = set()
        self._read: dict[tuple[str, str], Solution | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all solutions."""
        return tuple(self._folders)

    def get(self, name: str, plugin_set: PluginSet) -> Solution | None:
        """The solution ``name``; None if it has errors, which are then reported."""
        key = name, plugin_set.name
        if key not in self._read:
            self._read[key] = self._solution(name, plugin_set.kinds())
        return self._read[key]

    def read_rest(self, kinds: Mapping[str, KindDeclaration]) -> None:
        """Read, for its problems, every solution that nobody has asked for.

        :param kinds: the field kinds of all plugin sets together
        """
        for name in set(self._folders) - {name for name, _ in self._read}:
            self._solution(name, kinds)

    def _solution(self, name: str, kinds: Mapping[str, KindDeclaration]) -> Solution | None:
        own = Problems()
        solution = read_solution(self._folders[name], kinds, self.today, own)
        self._problems.extend(problem for problem in own if problem not in self._seen)
        self._seen.update(own)
        return solution
