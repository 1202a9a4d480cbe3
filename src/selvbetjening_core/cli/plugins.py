"""``selvbetjening plugins``."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from selvbetjening_core.cli.commands import config_option, plan_or_exit
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.register import Claim, ComponentOffer, contract_word
from selvbetjening_core.interfaces import ITheme
from selvbetjening_core.values import Setting


@click.command()
@config_option
def plugins(config: str | None) -> None:
    """List what each plugin set offers: name, version, contracts, settings."""
    plan = plan_or_exit(config, or_demo=True)
    for plugin_set in plan.plugin_sets.values():
        _print_set(plugin_set)


def _print_set(plugin_set: PluginSet) -> None:
    click.secho(f"plugin set {plugin_set.name}", bold=True)
    for name, version in plugin_set.versions.items():
        click.echo(f"  {name} {version}")
        for offer in plugin_set.offers.get(name, ()):
            _print_offer(offer)
        for claim in plugin_set.claims.values():
            if claim.plugin == name and claim.contract is ITheme:
                _print_theme(claim)
    click.echo("  shared by all municipalities:")
    for key, claim in sorted(plugin_set.claims.items()):
        click.echo(f"    {key}  ({claim.plugin} {claim.version})")


def _print_offer(offer: ComponentOffer) -> None:
    demo = "  [demo only]" if offer.demo_only else ""
    click.echo(f"    {contract_word(offer.contract)}: {offer.help}{demo}")
    _print_settings(offer.settings)


def _print_theme(claim: Claim) -> None:
    click.echo(f'    theme: [theme] name = "{claim.name}" in a municipality\'s file.')
    _print_settings(claim.component.settings)


def _print_settings(settings: Iterable[Setting]) -> None:
    for setting in settings:
        click.echo(f"      {_described(setting)}")


def _described(setting: Setting) -> str:
    kind = "|".join(choice or '""' for choice in setting.choices) or setting.kind
    if setting.minimum is not None:
        kind = f"{kind}, at least {setting.minimum}"
    need = "required" if setting.required else _default(setting.default)
    return f"{setting.name} ({kind}, {need}): {setting.help}"


def _default(value: object) -> str:
    """As it would be written in the file."""
    if value in (None, ""):
        return "optional"
    return f"default {json.dumps(value, ensure_ascii=False)}"
