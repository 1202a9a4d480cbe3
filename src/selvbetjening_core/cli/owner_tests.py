"""``selvbetjening test``."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence

import click

from selvbetjening_core.cli.commands import (
    can_show_forms,
    config_option,
    fail,
    hush_deform,
    plan_or_exit,
)
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.errors import NotInstalled
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.owner_tests.running import SolutionResult, offered_solutions, run_tests
from selvbetjening_core.problems import Problems, Severity


@click.command(name="test")
@config_option
@click.argument("solutions", nargs=-1, metavar="[SOLUTION]...")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For a person, or for a program.",
)
def run_test_cases(config: str | None, solutions: tuple[str, ...], output: str) -> None:
    """Run the test cases that stand beside each solution, in tests.toml.

    Of the solutions named, or of all that are offered. Fills in the real form as each case says,
    and holds what comes against what the case expects. Starts no server, follows no secret,
    stores nothing. Exit code 1 if a case fails or cannot be read, 2 if there is no such solution
    or the installation cannot be read, else 0.
    """
    if not can_show_forms():
        fail(str(NotInstalled("running test cases", "web")))
    hush_deform()
    plan = plan_or_exit(config)
    known = offered_solutions(plan)
    for name in solutions:
        if name not in known:
            fail(
                f'No municipality offers a solution "{name}"{closest(name, known)}'
                f"\nThe solutions are: {listed(known)}"
            )
    problems = Problems()
    results = run_tests(plan, _now, problems, Severity.ERROR, solutions)
    if output == "json":
        click.echo(_as_json(results, problems))
    else:
        if len(problems):
            print_problems(problems)
        for result in results:
            click.echo(_in_words(result))
    raise SystemExit(1 if problems.count_errors() else 0)


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


def _in_words(result: SolutionResult) -> str:
    if not result.has_file:
        return f"{result.solution}: no test cases (they stand in tests.toml, beside solution.toml)"
    cases = "test case" if result.count == 1 else "test cases"
    failed = (
        f"{len(result.failed)} failed: {listed(result.failed)}" if result.failed else "all pass"
    )
    return f"{result.solution}: {result.count} {cases}, {failed}"


def _as_json(results: Sequence[SolutionResult], problems: Problems) -> str:
    told = {
        "solutions": [
            {"solution": one.solution, "count": one.count, "failed": list(one.failed)}
            for one in results
        ],
        "problems": [problem.as_data() for problem in problems],
    }
    return json.dumps(told, indent=2)
