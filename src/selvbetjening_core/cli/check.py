"""``selvbetjening check``."""

from __future__ import annotations

import click

from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli.commands import config_file, config_option, today
from selvbetjening_core.cli.report import print_problems, problems_as_json
from selvbetjening_core.composition.compose import Plan, read_plan
from selvbetjening_core.errors import ConfigurationError


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

    Reads everything, starts nothing, follows no secret. All problems are shown
    at once. Exit code 1 if there is an error, else 0.
    """
    try:
        plan = read_plan(config_file(config, or_demo=True), register_core, today())
    except ConfigurationError as error:
        problems, failed = error.problems, True
    else:
        problems, failed = plan.problems, False
    if output == "json":
        click.echo(problems_as_json(problems))
    else:
        if not failed:
            _print_what_was_read(plan)
        print_problems(problems)
    raise SystemExit(1 if failed else 0)


def _print_what_was_read(plan: Plan) -> None:
    names = ", ".join(f"{m.code} {m.name}" for m in plan.municipalities.values())
    click.echo(f"municipalities: {names}")
    click.echo(f"solutions: {', '.join(plan.installation.solutions)}")
