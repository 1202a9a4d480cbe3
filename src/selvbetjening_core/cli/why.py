"""``selvbetjening why``."""

from __future__ import annotations

import click

from selvbetjening_core.cli.commands import config_option, fail, plan_or_exit
from selvbetjening_core.composition.why import Answerer, ThemeAnswer, why_theme
from selvbetjening_core.composition.why import why as explain
from selvbetjening_core.errors import ComponentMissing

_THEME = "theme"


@click.command()
@click.argument("role")
@click.option("--municipality", "-m", required=True, help="The kommunekode, such as 0773.")
@click.option("--solution", "-s", help="The solution, such as sundhedskort. Not for the theme.")
@config_option
def why(role: str, municipality: str, solution: str | None, config: str | None) -> None:
    """Say which component fills ROLE, where that is said, and what it hides.

    In place of a role, "theme" asks whose theme the municipality's pages are in.
    """
    if solution is None and role != _THEME:
        raise click.UsageError("Missing option '--solution' / '-s'.")
    plan = plan_or_exit(config, or_demo=True)
    try:
        if solution is None:
            _print_theme(municipality, why_theme(plan, municipality))
            return
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


def _print_theme(municipality: str, theme: ThemeAnswer) -> None:
    configured = theme.configured or "nowhere: it is the theme where none is chosen"
    click.echo(f"theme at {municipality}:")
    click.echo(f"  theme      {theme.name}")
    click.echo(f"  plugin     {theme.plugin} {theme.version}  ({theme.code})")
    click.echo(f"  configured {configured}")
    click.echo(f"extends: {', '.join(theme.extends) or 'nothing'}")


def _print(answerer: Answerer, indent: str) -> None:
    click.echo(f"{indent}  component  {answerer.component}")
    click.echo(f"{indent}  plugin     {answerer.plugin} {answerer.version}  ({answerer.code})")
    click.echo(f"{indent}  configured {answerer.configured}")
    click.echo(f"{indent}  bound      {answerer.bound}, for {answerer.scope}")
