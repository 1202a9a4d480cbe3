"""``selvbetjening check``."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli.commands import (
    can_show_forms,
    config_file,
    config_option,
    hush_deform,
    today,
)
from selvbetjening_core.cli.report import print_problems, problems_as_json
from selvbetjening_core.composition.compose import Plan, survey
from selvbetjening_core.composition.faults import check_settings
from selvbetjening_core.composition.page_origins import check_origins, told_origins
from selvbetjening_core.owner_tests.running import run_tests
from selvbetjening_core.problems import Severity
from selvbetjening_core.themes.checking import check_templates
from selvbetjening_core.upkeep.checking import check_waits


@click.command()
@config_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For a person, or for a program.",
)
def check(config: str | None, output: str) -> None:
    """Check the installation, its plugin sets, municipalities and solutions.

    Reads everything, starts nothing, follows no secret. Runs the test cases of the
    solutions, too: one that fails is told as incomplete. All problems are shown at
    once. Exit code 1 if there is an error, else 0; 2 where there is no installation
    to check.
    """
    file = config_file(config)
    plan, problems = survey(file, register_core, today())
    if plan is not None:
        check_settings(plan, _now)
        check_templates(plan)
        check_origins(plan)
        check_waits(plan)
        if not problems.count_errors() and can_show_forms():
            hush_deform()
            run_tests(plan, _now, problems, Severity.INCOMPLETE)
    failed = problems.count_errors() > 0
    if output == "json":
        click.echo(problems_as_json(problems))
    else:
        if file.resolve().parent != Path.cwd():
            click.echo(f"checked: {file.resolve()}")
        if plan is not None and not failed:
            _print_what_was_read(plan)
        print_problems(problems)
    raise SystemExit(1 if failed else 0)


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


def _print_what_was_read(plan: Plan) -> None:
    names = ", ".join(f"{m.code} {m.name}" for m in plan.municipalities.values())
    click.echo(f"municipalities: {names}")
    click.echo(f"solutions: {', '.join(plan.installation.solutions)}")
    for line in told_origins(plan):
        click.echo(f"browsers: {line}")
    if not can_show_forms():
        click.echo("test cases: not run, they need forms: pip install 'selvbetjening[web]'")
