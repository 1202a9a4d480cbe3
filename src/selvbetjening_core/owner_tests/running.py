"""Running the test cases of the solutions of an installation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.stack import Clock, Municipality, without_components
from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.owner_tests.judging import judge
from selvbetjening_core.owner_tests.model import OwnerTest
from selvbetjening_core.owner_tests.reading import read_tests, tests_file
from selvbetjening_core.owner_tests.walking import CompiledSteps, walk
from selvbetjening_core.problems import Problem, Problems, Severity


@dataclass(frozen=True, slots=True)
class SolutionResult:
    """What came of the test cases of one solution.

    ``failed`` are the names of the cases that did not pass.
    """

    solution: str
    count: int
    failed: tuple[str, ...]
    has_file: bool


def run_tests(
    plan: Plan, now: Clock, problems: Problems, severity: Severity, only: Collection[str] = ()
) -> list[SolutionResult]:
    """Run the test cases of every solution that some municipality offers.

    Makes no component, follows no secret and stores nothing.

    :param problems: gets what is wrong with the cases, and each difference
    :param severity: that of a difference
    :param only: the names of the solutions; empty: all
    """
    municipalities = without_components(plan, now)
    return [
        _Runner(solution, offering, problems, severity).run()
        for solution, offering in _offered(municipalities).items()
        if not only or solution in only
    ]


def offered_solutions(plan: Plan) -> list[str]:
    """The names of the solutions that some municipality offers."""
    return sorted({name for file in plan.municipalities.values() for name in file.solutions})


def _offered(municipalities: Mapping[str, Municipality]) -> dict[str, dict[str, Municipality]]:
    """For each solution the municipalities that offer it, by kommunekode."""
    found: dict[str, dict[str, Municipality]] = {}
    for code, municipality in municipalities.items():
        for name in municipality.solutions:
            found.setdefault(name, {})[code] = municipality
    return dict(sorted(found.items()))


class _Runner:
    def __init__(
        self,
        name: str,
        offering: Mapping[str, Municipality],
        problems: Problems,
        severity: Severity,
    ) -> None:
        self._name = name
        self._offering = offering
        self._problems = problems
        self._severity = severity
        self._steps: dict[str, CompiledSteps] = {}

    def run(self) -> SolutionResult:
        """All its cases."""
        solution = next(iter(self._offering.values())).solutions[self._name].solution
        problems_before = len(self._problems)
        tests = read_tests(solution, self._offering, self._problems)
        failed = [] if len(self._problems) == problems_before else ["(the file)"]
        for test in tests:
            differences = self._run(test)
            self._problems.extend(differences)
            failed.extend([test.name] if differences else [])
        return SolutionResult(self._name, len(tests), tuple(failed), tests_file(solution).is_file())

    def _run(self, test: OwnerTest) -> list[Problem]:
        municipality = self._offering.get(test.municipality) or next(iter(self._offering.values()))
        offered = municipality.solutions[self._name]
        decided = offered.parameters if test.municipality else _defaults(offered.solution)
        parameters = {**decided, **test.parameters}
        undecided = list(_undecided(offered.solution, parameters))
        if undecided:
            return [_undecided_problem(test, undecided, self._severity)]
        steps = self._steps_in(municipality)
        return judge(test, walk(test, steps, parameters), offered.solution, self._severity)

    def _steps_in(self, municipality: Municipality) -> CompiledSteps:
        if municipality.code not in self._steps:
            solution = municipality.solutions[self._name].solution
            self._steps[municipality.code] = CompiledSteps(municipality, solution)
        return self._steps[municipality.code]


def _defaults(solution: Solution) -> dict[str, object]:
    return {one.name: one.default for one in solution.parameters}


def _undecided(solution: Solution, parameters: Mapping[str, object]) -> Iterator[str]:
    return (one.name for one in solution.parameters if parameters.get(one.name) is None)


def _undecided_problem(test: OwnerTest, names: list[str], severity: Severity) -> Problem:
    return Problem(
        severity,
        "test-failed",
        test.place(),
        f'test case "{test.name}": nothing says what "{names[0]}" is',
        f'add parameters = {{ {names[0]} = … }}, or municipality = "…"',
    )
