"""Problems found in files people write, collected and reported together."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
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


class Place:
    """Where in a file: the line (from 1; 0 = the whole file) and the key path.

    ``line`` may be given as a function that finds it. Of the thousands of places in an
    installation's files hardly any is shown, and only those are looked for.
    """

    __slots__ = ("_line", "file", "path")

    def __init__(self, file: Path, line: int | Callable[[], int] = 0, path: str = "") -> None:
        self.file = file
        self.path = path
        self._line = line

    @property
    def line(self) -> int:
        """The line, from 1; 0 for the whole file."""
        if not isinstance(self._line, int):
            self._line = self._line()
        return self._line

    def under(self, path: str) -> Place:
        """The same line, with another key path."""
        return Place(self.file, self._line, path)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else str(self.file)

    def __repr__(self) -> str:
        return f"Place({str(self)!r}, {self.path!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Place):
            return NotImplemented
        return (self.path, self.file, self.line) == (other.path, other.file, other.line)

    def __hash__(self) -> int:
        return hash((self.file, self.path))


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
