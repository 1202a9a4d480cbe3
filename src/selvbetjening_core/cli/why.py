"""``selvbetjening why``."""

from __future__ import annotations

import click

from selvbetjening_core.cli.commands import config_option, fail, plan_or_exit
from selvbetjening_core.composition.why import Answerer
from selvbetjening_core.composition.why import why as explain
from selvbetjening_core.errors import ComponentMissing


@click.command()
@click.argument("role")
@click.option("--municipality", "-m", required=True, help="The kommunekode, such as 0773.")
@click.option("--solution", "-s", required=True, help="The solution, such as sundhedskort.")
@config_option
def why(role: str, municipality: str, solution: str, config: str | None) -> None:
    """Say which component fills ROLE, where that is said, and what it hides."""
    plan = plan_or_exit(config, or_demo=True)
    try:
        explanation = explain(plan, role, municipality, solution)
    except ComponentMissing as error:
        fail(str(error))
    click.echo(f"{role} in {solution} at {municipality}:")
    _print(explanation.answers, "")
    for hidden in explanation.hides:
        click.echo("hides:")
        _print(hidden, "  ")
    if not explanation.hides:
        click.echo("hides: nothing")


def _print(answerer: Answerer, indent: str) -> None:
    click.echo(f"{indent}  component  {answerer.component}")
    click.echo(f"{indent}  plugin     {answerer.plugin} {answerer.version}  ({answerer.code})")
    click.echo(f"{indent}  configured {answerer.configured}")
    click.echo(f"{indent}  bound      {answerer.bound}, for {answerer.scope}")
