"""Reading the solutions of an installation, each with the field kinds it meets."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path

from selvbetjening_core.composition.brought import Brought, brought_along
from selvbetjening_core.composition.installation import Installation
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.problems import Problem, Problems
from selvbetjening_core.values import KindDeclaration


class SolutionShelf:
    """The solutions, read when a municipality asks, once for each plugin set.

    A field kind may exist in one plugin set and not in another: a solution has
    to fit the sets of the municipalities that offer it, and no other. Nor does
    every set have the same solutions: its plugins may bring some along.
    """

    def __init__(
        self, installation: Installation, today: datetime.date, problems: Problems
    ) -> None:
        self._installation = installation
        self.today = today
        """The day that everything is checked for."""
        self._problems = problems
        self._brought: dict[str, Brought] = {}
        self._seen: set[Problem] = set()
        self._read: dict[tuple[str, str], Solution | None] = {}

    def names(self, plugin_set: PluginSet) -> tuple[str, ...]:
        """The names of all solutions that a municipality of ``plugin_set`` may offer."""
        return (*self._installation.solutions, *self._brought_by(plugin_set).folders)

    def is_complete(self, plugin_set: PluginSet) -> bool:
        """Are all solutions known? Else one may be in a folder that was not found."""
        return self._installation.is_complete and self._brought_by(plugin_set).is_complete

    def get(self, name: str, plugin_set: PluginSet) -> Solution | None:
        """The solution ``name``; None if it has errors, which are then reported."""
        key = name, plugin_set.name
        if key not in self._read:
            brought = self._brought_by(plugin_set).folders
            folder = self._installation.solutions.get(name) or brought[name]
            self._read[key] = self._solution(folder, plugin_set.kinds())
        return self._read[key]

    def read_rest(
        self, plugin_sets: Iterable[PluginSet], kinds: Mapping[str, KindDeclaration]
    ) -> None:
        """Read, for its problems, every solution that nobody has asked for.

        :param kinds: the field kinds of all plugin sets together
        """
        asked = {name for name, _ in self._read}
        for name, folder in self._installation.solutions.items():
            if name not in asked:
                self._solution(folder, kinds)
        for plugin_set in plugin_sets:
            for name in self._brought_by(plugin_set).folders:
                self.get(name, plugin_set)

    def _brought_by(self, plugin_set: PluginSet) -> Brought:
        if plugin_set.name not in self._brought:
            found = brought_along(plugin_set, self._installation, self._problems)
            self._brought[plugin_set.name] = found
        return self._brought[plugin_set.name]

    def _solution(self, folder: Path, kinds: Mapping[str, KindDeclaration]) -> Solution | None:
        own = Problems()
        solution = read_solution(folder, kinds, self.today, own)
        self._problems.extend(problem for problem in own if problem not in self._seen)
        self._seen.update(own)
        return solution
