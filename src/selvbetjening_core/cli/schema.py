"""``selvbetjening schema``."""

from __future__ import annotations

import json

import click

from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli.commands import config_file, config_option, fail, today
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.composition.compose import survey
from selvbetjening_core.definitions.json_schema import definition_schema
from selvbetjening_core.files.table import closest, listed


@click.command()
@config_option
@click.option(
    "--plugin-set",
    metavar="NAME",
    help="Of the field kinds of this plugin set. Left out: of all that the installation has.",
)
def schema(config: str | None, plugin_set: str | None) -> None:
    """Print a JSON Schema of solution.toml, for an editor of TOML.

    It knows the field kinds of the plugins, too. Save it beside the solutions, and
    name it in the first line of solution.toml: #:schema ../solution.schema.json
    """
    # Definitions that are wrong are what it is there for.
    plan, problems = survey(config_file(config, or_demo=True), register_core, today())
    if plan is None:
        print_problems(problems)
        raise SystemExit(1)
    sets = plan.plugin_sets
    if plugin_set is not None and plugin_set not in sets:
        fail(
            f'There is no plugin set "{plugin_set}"{closest(plugin_set, sets)}'
            f"\nThe plugin sets are: {listed(sets)}"
        )
    wanted = sets if plugin_set is None else (plugin_set,)
    kinds = {name: kind for one in wanted for name, kind in sets[one].kinds().items()}
    click.echo(json.dumps(definition_schema(kinds), indent=2, ensure_ascii=False))
