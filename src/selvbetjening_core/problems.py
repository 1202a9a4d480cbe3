"""Problems found in files people write, collected and reported together."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


class Severity(enum.StrEnum):
    """How bad a problem is."""

    ERROR = "error"
    """Stops the start."""
    INCOMPLETE = "incomplete"
    """Stops publication only."""
    WARNING = "warning"
    """Stops nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: the line (from 1; 0 = the whole file) and the key path."""

    file: Path
    line: int = 0
    path: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else str(self.file)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: what, where, and what to do.

    ``code`` is stable: tests and documentation refer to it.
    """

    severity: Severity
    code: str
    place: Place
    message: str
    advice: str

    def as_data(self) -> dict[str, object]:
        """The problem as JSON data."""
        return {
            "severity": str(self.severity),
            "code": self.code,
            "file": str(self.place.file),
            "line": self.place.line,
            "path": self.place.path,
            "message": self.message,
            "advice": self.advice,
        }


def _reading_order(problem: Problem) -> tuple[int, str, int, str]:
    place = problem.place
    return list(Severity).index(problem.severity), str(place.file), place.line, problem.code


class Problems:
    """A growing list of problems."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def error(self, code: str, place: Place, message: str, advice: str) -> None:
        """Add a problem that stops the start."""
        self._problems.append(Problem(Severity.ERROR, code, place, message, advice))

    def incomplete(self, code: str, place: Place, message: str, advice: str) -> None:
        """Add a problem that stops publication."""
        self._problems.append(Problem(Severity.INCOMPLETE, code, place, message, advice))

    def warning(self, code: str, place: Place, message: str, advice: str) -> None:
        """Add a problem that stops nothing."""
        self._problems.append(Problem(Severity.WARNING, code, place, message, advice))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add all of ``problems``."""
        self._problems.extend(problems)

    def count_errors(self) -> int:
        """How many of them stop the start."""
        return sum(problem.severity is Severity.ERROR for problem in self._problems)

    def __iter__(self) -> Iterator[Problem]:
        """What stops the start first; then in the order of file, line and code."""
        return iter(sorted(self._problems, key=_reading_order))

    def __len__(self) -> int:
        return len(self._problems)
