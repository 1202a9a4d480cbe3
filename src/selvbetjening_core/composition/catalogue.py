"""The service catalogue (servicekatalog): what is installed, and who uses it for what.

It is made from what plugins and their distributions declare and from what the
installation's files say; no component is made, no plugin outside a plugin set
is imported. It holds no secret and no value of a setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zope.interface.interface import InterfaceClass

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.distributions import (
    Distribution,
    core_itself,
    distribution_of,
)
from selvbetjening_core.composition.municipality_file import MunicipalityFile
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.plugin_settings import PluginSettings
from selvbetjening_core.composition.plugins import InstalledPlugin
from selvbetjening_core.composition.register import Claim, ComponentOffer, contract_word
from selvbetjening_core.composition.roles import roles_of
from selvbetjening_core.interfaces import IFieldKind, ITheme
from selvbetjening_core.interfaces.versions import CONTRACTS
from selvbetjening_core.values import Data, Setting, Task

CORE = "core"


@dataclass(frozen=True, slots=True)
class RoleUse:
    """A role that a component fills in one solution."""

    solution: str
    role: str


@dataclass(frozen=True, slots=True)
class Use:
    """One municipality's use of something. ``component`` is empty where it is shared."""

    municipality: str
    component: str
    roles: tuple[RoleUse, ...]
    solutions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One thing a plugin offers: a component, a kind of field, a theme, a shared part.

    :param name: of a field kind or theme; empty for a component, which each
        municipality names itself
    :param contract: the interface's name
    :param contract_version: as this installation has it
    :param built_for: the version the plugin was written for, where it says so
    """

    kind: str
    name: str
    contract: str
    contract_version: str
    built_for: str
    help: str
    reads: tuple[Data, ...]
    holds: str
    demo_only: bool
    makes_faults: bool
    tasks: tuple[Task, ...]
    settings: tuple[Setting, ...]
    used_by: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class CataloguePlugin:
    """A plugin that a plugin set names, or the core itself.

    :param settings: of the plugin as a whole; those of its components are theirs
    """

    name: str
    version: str
    distribution: Distribution
    plugin_sets: tuple[str, ...]
    settings: tuple[Setting, ...]
    items: tuple[CatalogueItem, ...]


@dataclass(frozen=True, slots=True)
class SparePlugin:
    """A plugin that is installed, and that no plugin set names. Not imported."""

    name: str
    module: str
    distribution: Distribution


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that is installed here, by plugin."""

    plugins: tuple[CataloguePlugin, ...]
    spare: tuple[SparePlugin, ...]


def make_catalogue(plan: Plan, installed: Sequence[InstalledPlugin]) -> Catalogue:
    """The catalogue of an installation that was checked."""
    sets = plan.plugin_sets.values()
    named = sorted({name for one in sets for name in one.versions} - {CORE})
    found = {plugin.name: plugin for plugin in installed}
    return Catalogue(
        plugins=tuple(_plugin(name, plan, found.get(name)) for name in (*named, CORE)),
        spare=tuple(
            SparePlugin(one.name, one.module, distribution_of(one.entry_point.dist))
            for one in installed
            if one.name not in named
        ),
    )


def _plugin(name: str, plan: Plan, installed: InstalledPlugin | None) -> CataloguePlugin:
    distribution = distribution_of(installed.entry_point.dist if installed else core_itself())
    sets = {key: one for key, one in plan.plugin_sets.items() if name in one.versions}
    return CataloguePlugin(
        name=name,
        version=next((one.versions[name] for one in sets.values()), distribution.version),
        distribution=distribution,
        plugin_sets=tuple(plan.plugin_sets if name == CORE else sets),
        settings=_plugin_settings(name, sets.values()),
        items=(*_components(name, plan), *_shared(name, plan)),
    )


def _plugin_settings(name: str, sets: Iterable[PluginSet]) -> tuple[Setting, ...]:
    """What the plugin as a whole may be told; declarations alone, no value."""
    for plugin_set in sets:
        if name in plugin_set.hooks.plugins:
            settings = plugin_set.hooks.context(name).settings
            return settings.declared if isinstance(settings, PluginSettings) else ()
    return ()


def _components(plugin: str, plan: Plan) -> Iterator[CatalogueItem]:
    for offer in _unique_offers(plugin, plan):
        yield CatalogueItem(
            kind="component",
            name="",
            contract=offer.contract.__name__,
            contract_version=_version(offer.contract),
            built_for=offer.built_for,
            help=offer.help,
            reads=tuple(sorted(offer.reads)),
            holds=offer.holds,
            demo_only=offer.demo_only,
            makes_faults=offer.makes_faults,
            tasks=offer.tasks,
            settings=offer.settings,
            used_by=tuple(_uses_of_offer(offer, plan)),
        )


def _unique_offers(plugin: str, plan: Plan) -> list[ComponentOffer]:
    """Offers are made anew for each plugin set; the same one counts once."""
    found: list[ComponentOffer] = []
    for plugin_set in plan.plugin_sets.values():
        found.extend(one for one in plugin_set.offers.get(plugin, ()) if one not in found)
    return found


def _uses_of_offer(offer: ComponentOffer, plan: Plan) -> Iterator[Use]:
    for file in plan.municipalities.values():
        for spec in file.components.values():
            if offer in spec.offers:
                roles = tuple(_roles_filled(file, spec.name, offer.contract))
                solutions = tuple(dict.fromkeys(one.solution for one in roles))
                yield Use(file.code, spec.name, roles, solutions)


def _roles_filled(file: MunicipalityFile, component: str, contract: object) -> Iterator[RoleUse]:
    for name, offered in file.solutions.items():
        for role in roles_of(offered.solution):
            binding = file.binding(role.name, name)
            if role.contract is contract and binding and binding.component == component:
                yield RoleUse(name, role.name)


def _shared(plugin: str, plan: Plan) -> Iterator[CatalogueItem]:
    claims: dict[str, Claim] = {}
    for plugin_set in plan.plugin_sets.values():
        for key, claim in plugin_set.claims.items():
            if claim.plugin == plugin:
                claims.setdefault(key, claim)
    for claim in claims.values():
        yield CatalogueItem(
            kind=contract_word(claim.contract),
            name=claim.name,
            contract=claim.contract.__name__,
            contract_version=_version(claim.contract),
            built_for="",
            help=_help(claim),
            reads=(),
            holds="",
            demo_only=False,
            makes_faults=False,
            tasks=(),
            settings=tuple(claim.component.settings) if claim.contract is ITheme else (),
            used_by=tuple(_uses_of_claim(claim, plan)),
        )


def _help(claim: Claim) -> str:
    if claim.contract is IFieldKind:
        return str(claim.component.declaration.help)
    # What answers for everybody does what its contract says.
    return (claim.contract.__doc__ or "").strip().partition("\n")[0]


def _uses_of_claim(claim: Claim, plan: Plan) -> Iterator[Use]:
    for file in plan.municipalities.values():
        winner = file.plugin_set.claims.get(claim.key)
        if winner is None or winner.plugin != claim.plugin:
            continue
        solutions = tuple(_solutions_with(claim, file))
        is_theme = claim.contract is ITheme
        is_used = file.theme.name == claim.name if is_theme else bool(solutions)
        if is_used:
            yield Use(file.code, "", (), solutions)


def _solutions_with(claim: Claim, file: MunicipalityFile) -> Iterator[str]:
    """All solutions, but for a kind of field those alone that ask such a field."""
    for name, offered in file.solutions.items():
        kinds = {field.kind for field in offered.solution.every_field()}
        if claim.contract is not IFieldKind or claim.name in kinds:
            yield name


def _version(contract: InterfaceClass) -> str:
    rules = CONTRACTS.get(contract)
    return rules.version if rules else ""
