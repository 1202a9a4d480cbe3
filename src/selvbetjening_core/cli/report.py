"""Showing problems to a person."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from selvbetjening_core.problems import Place, Problem, Problems, Severity

_COLOURS = {Severity.ERROR: "red", Severity.INCOMPLETE: "yellow", Severity.WARNING: "yellow"}
_NAMES = {
    Severity.ERROR: ("error", "errors"),
    Severity.INCOMPLETE: ("incomplete", "incomplete"),
    Severity.WARNING: ("warning", "warnings"),
}


def print_problems(problems: Problems, *, err: bool = False) -> None:
    """Every problem: where, what, what to do; then how many.

    :param err: on the error stream
    """
    for problem in problems:
        _print_problem(problem, err=err)
    click.echo(counted(problems), err=err)
    if len(problems):
        click.echo("selvbetjening explain CODE tells more", err=err)


def problems_as_json(problems: Problems) -> str:
    """All problems as a JSON list."""
    data = [problem.as_data() for problem in problems]
    return json.dumps(data, indent=2)


def counted(problems: Problems) -> str:
    """``2 errors, 1 warning``."""
    counts = Counter(problem.severity for problem in problems)
    counts.setdefault(Severity.ERROR, 0)
    return ", ".join(
        f"{counts[severity]} {_NAMES[severity][counts[severity] != 1]}"
        for severity in Severity
        if severity in counts
    )


def short(place: Place) -> str:
    """The place with a path relative to the working folder where that is shorter."""
    try:
        file = place.file.resolve().relative_to(Path.cwd())
    except ValueError:
        file = place.file
    return f"{file}:{place.line}" if place.line else str(file)


def _print_problem(problem: Problem, *, err: bool) -> None:
    severity = click.style(problem.severity.value, fg=_COLOURS[problem.severity], bold=True)
    path = f"  {problem.place.path}" if problem.place.path else ""
    click.echo(f"{short(problem.place)}: {severity} [{problem.code}]{path}", err=err)
    click.echo(f"    {problem.message}", err=err)
    click.echo(f"    → {problem.advice}", err=err)
