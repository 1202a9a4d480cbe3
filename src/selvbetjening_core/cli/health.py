"""``selvbetjening health``."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from selvbetjening_core.cli.commands import config_option, needs_extra, plan_or_exit
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.health import plugin_health
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import Health


@click.command()
@config_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For a person, or for a program.",
)
def health(config: str | None, output: str) -> None:
    """Say whether the store can be used, deliveries are taken up, and the plugins can work.

    Changes nothing. Exit code 1 if anything is not well, else 0.
    """
    plan = plan_or_exit(config)
    problems = Problems()
    for plugin_set in plan.plugin_sets.values():
        plugin_set.hooks.open_settings(problems)
    if problems.count_errors():
        print_problems(problems, err=True)
        raise SystemExit(1)
    found = (*_store(plan), *plugin_health(plan))
    if output == "json":
        told = [{"name": one.name, "ok": one.is_ok, "text": one.text} for one in found]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        _print(found)
    raise SystemExit(0 if all(one.is_ok for one in found) else 1)


def _print(found: Iterable[Health]) -> None:
    for one in found:
        word = click.style("ok", fg="green") if one.is_ok else click.style("not ok", fg="red")
        click.echo(f"{one.name}: {word}{f'  {one.text}' if one.text else ''}")


def _store(plan: Plan) -> tuple[Health, ...]:
    try:
        # Only what looks into the store needs the extra.
        from selvbetjening_core.opening import stored_health  # noqa: PLC0415
    except ModuleNotFoundError as error:
        needs_extra("Looking at the store", "store", error)
    return stored_health(plan)
