"""``selvbetjening plugin NAME …``: the commands that plugins add."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from selvbetjening_core.builtin import register_core
from selvbetjening_core.cli.commands import config_option, fail, plan_or_exit, today
from selvbetjening_core.cli.report import print_problems
from selvbetjening_core.composition.compose import Plan, read_plan
from selvbetjening_core.composition.installation import FILE_NAME
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.set_hooks import FOREIGN_ERRORS
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Problems

HOOK = "selvbetjening_commands"


class PluginGroup(click.Group):
    """A group with a group for each plugin that has commands; made when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The plugins with commands, where there is an installation; else none."""
        plan = _plan_if_any(ctx)
        return sorted(_with_commands(plan)) if plan else []

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The commands of the plugin called so."""
        plan = plan_or_exit(ctx.params.get("config"))
        sets = _with_commands(plan).get(cmd_name, ())
        chosen = [one for one in sets if ctx.params.get("plugin_set") in (None, one.name)]
        if not chosen:
            names = sorted(_with_commands(plan))
            ctx.fail(
                f'No plugin called "{cmd_name}" has commands here{closest(cmd_name, names)}'
                f" (with commands: {listed(names)})."
            )
        if len(chosen) > 1:
            names = [one.name for one in chosen]
            ctx.fail(f'"{cmd_name}" is in several plugin sets: choose with --plugin-set {names[0]}')
        return _commands(chosen[0], cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The plugins, without asking them for their commands."""
        names = self.list_commands(ctx)
        if names:
            with formatter.section("Plugins with commands"):
                formatter.write_dl([(name, "") for name in names])


@click.group(cls=PluginGroup)
@click.option("--plugin-set", help="Where a plugin is in several plugin sets: of which.")
@config_option
def plugin(**options: Any) -> None:
    """Run a command of a plugin's own: selvbetjening plugin NAME COMMAND."""


for _option in plugin.params:
    # Read before --help, which lists the plugins of that installation.
    _option.is_eager = True


def _with_commands(plan: Plan) -> dict[str, list[PluginSet]]:
    found: dict[str, list[PluginSet]] = {}
    for plugin_set in plan.plugin_sets.values():
        for name in plugin_set.hooks.implementing(HOOK):
            found.setdefault(name, []).append(plugin_set)
    return found


def _commands(plugin_set: PluginSet, name: str) -> click.Group:
    problems = Problems()
    plugin_set.hooks.open_settings(problems, only=name)
    if problems.count_errors():
        print_problems(problems, err=True)
        raise SystemExit(1)
    group = click.Group(name, help=f"The commands of the plugin {name}.")
    try:
        plugin_set.hooks.call(name, HOOK, group=group)
    except FOREIGN_ERRORS as error:
        fail(f'The plugin "{name}" fails to add its commands: {type(error).__name__}.')
    return group


def _plan_if_any(ctx: click.Context) -> Plan | None:
    """For help, which is also asked for where there is no installation."""
    file = Path(ctx.params.get("config") or FILE_NAME)
    file = file / FILE_NAME if file.is_dir() else file
    if not file.is_file():
        return None
    try:
        return read_plan(file, register_core, today())
    except ConfigurationError:
        return None
