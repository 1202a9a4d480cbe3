"""A plugin set: which of the installed plugins exist here."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from selvbetjening_core.composition.plugin_settings import PluginTables
from selvbetjening_core.composition.plugins import InstalledPlugin, load_plugins
from selvbetjening_core.composition.register import (
    Claim,
    ComponentOffer,
    Register,
    SetContext,
    contract_word,
)
from selvbetjening_core.composition.set_hooks import SetHooks
from selvbetjening_core.composition.verify import verify_set
from selvbetjening_core.files import Table, load_toml
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.interfaces import IFieldKind, ISecrets, ISolutions, ITheme
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import KindDeclaration, PageNeeds


@dataclass(frozen=True, slots=True)
class PluginSet:
    """What the plugins of a set offer, conflicts settled.

    ``versions`` by plugin name, of every plugin that could be loaded.
    ``offers`` by plugin name: what municipalities make components from.
    ``claims`` by key (``theme:plain``): field kinds, themes and shared
    components, the core's own among them. ``hidden`` are the claims of the
    core that a plugin of the set took over. ``broken`` are plugins that are named,
    perhaps misspelt, but could not be loaded; reported already. ``spare`` are
    installed and not named. ``hooks`` calls the hooks of the plugins, and
    ``plugins_place`` is where the file names them. ``page_needs`` is what the pages need
    that each plugin adds itself, of those that have said so.
    """

    name: str
    versions: Mapping[str, str]
    offers: Mapping[str, tuple[ComponentOffer, ...]]
    claims: Mapping[str, Claim]
    hidden: tuple[Claim, ...]
    broken: frozenset[str]
    spare: frozenset[str]
    hooks: SetHooks
    plugins_place: Place
    place: Place
    page_needs: Mapping[str, PageNeeds] = field(default_factory=dict)

    @property
    def secrets(self) -> dict[str, ISecrets]:
        """Who reads the references of this set, by their scheme."""
        return {claim.name: claim.component for claim in self._of_contract(ISecrets)}

    @property
    def told_place(self) -> str:
        """Where the plugins are named, as short as can be: ``plugin_sets/standard.toml:1``."""
        place = self.plugins_place
        return f"{place.file.parent.name}/{place.file.name}:{place.line}"

    def solution_sources(self) -> tuple[Claim, ...]:
        """The plugins that bring solutions along (``ISolutions``)."""
        return tuple(self._of_contract(ISolutions))

    def offering(self, contract: object) -> tuple[str, ...]:
        """The plugins that components of ``contract`` can be made from."""
        return tuple(
            name
            for name, offers in self.offers.items()
            if any(offer.contract is contract for offer in offers)
        )

    def kinds(self) -> dict[str, KindDeclaration]:
        """The declarations of all field kinds, by name."""
        return kinds_of(self.claims.values())

    def themes(self) -> tuple[str, ...]:
        """The names of all themes."""
        return tuple(claim.name for claim in self._of_contract(ITheme))

    def theme(self, name: str) -> ITheme:
        """The theme called ``name``.

        :raises KeyError: there is none
        """
        found: ITheme = self.theme_claim(name).component
        return found

    def theme_claim(self, name: str) -> Claim:
        """Who offers the theme called ``name``.

        :raises KeyError: there is none
        """
        return self.claims[f"{contract_word(ITheme)}:{name}"]

    def _of_contract(self, contract: object) -> Iterator[Claim]:
        return (claim for claim in self.claims.values() if claim.contract is contract)


def read_plugin_set(
    file: Path,
    installed: Sequence[InstalledPlugin],
    core: Register,
    mode: str,
    problems: Problems,
    folder: Path | None = None,
) -> PluginSet | None:
    """Read a plugin set's file and load its plugins. The file's name is its name.

    :param folder: what paths in it start from; by default the file's own folder
    """
    toml = load_toml(file, problems)
    if toml is None:
        return None
    root = Table.whole(toml, problems)
    names = root.text_list("plugins")
    if not isinstance(root.data.get("plugins"), list):
        # What municipalities may use is not known, so that each would be told of all.
        root.give_up()
        return None
    places = {name: root.place("plugins", root.position("plugins", name)) for name in names}
    tables = PluginTables(root, folder or file.parent)
    loaded = load_plugins(places, installed, file.stem, mode, tables, problems)
    tables.finish(names)
    registers = loaded.registers
    chosen = _read_choices(root)
    root.finish()
    broken = _broken(names, registers, installed)
    claims = _settle(registers, chosen, broken, root, problems)
    hidden = tuple(claim for claim in core.claims if claim.key in claims)
    plugin_set = PluginSet(
        name=file.stem,
        versions={register.plugin: register.version for register in registers},
        offers=_offers([core, *registers]),
        claims={claim.key: claim for claim in core.claims} | claims,
        hidden=hidden,
        broken=broken,
        spare=frozenset(plugin.name for plugin in installed) - set(names),
        hooks=loaded.hooks,
        plugins_place=root.place("plugins"),
        place=root.place(),
        page_needs={one.plugin: one.page_needs for one in registers if one.page_needs is not None},
    )
    verify_set(plugin_set, problems)
    return plugin_set


def kinds_of(claims: Iterable[Claim]) -> dict[str, KindDeclaration]:
    """The declarations of the field kinds among ``claims``, by name."""
    return {
        claim.name: claim.component.declaration for claim in claims if claim.contract is IFieldKind
    }


def core_register(version: str) -> Register:
    """The register that the core's own parts are offered in."""
    return Register(SetContext("core", "production", "core", version))


def _broken(
    names: Sequence[str], registers: Sequence[Register], installed: Sequence[InstalledPlugin]
) -> frozenset[str]:
    failed = set(names) - {register.plugin for register in registers}
    known = {plugin.name for plugin in installed} - set(names)
    meant = {near for name in failed for near in difflib.get_close_matches(name, known, n=1)}
    return frozenset(failed | meant)


def _read_choices(root: Table) -> dict[str, tuple[str, Place]]:
    table = root.table("choose")
    if table is None:
        return {}
    return {key: (table.text(key), table.place(key)) for key in table.data}


def _offers(registers: Sequence[Register]) -> dict[str, tuple[ComponentOffer, ...]]:
    found: dict[str, list[ComponentOffer]] = {}
    for register in registers:
        for offer in register.offers:
            found.setdefault(offer.plugin, []).append(offer)
    return {name: tuple(offers) for name, offers in found.items()}


def _settle(
    registers: Sequence[Register],
    chosen: Mapping[str, tuple[str, Place]],
    broken: frozenset[str],
    root: Table,
    problems: Problems,
) -> dict[str, Claim]:
    rivals: dict[str, list[Claim]] = {}
    for register in registers:
        for claim in register.claims:
            rivals.setdefault(claim.key, []).append(claim)
    for key, (_, place) in chosen.items():
        # What a plugin that could not be loaded claims, nobody knows.
        if len(rivals.get(key, ())) < 2 and not broken:
            problems.error(
                "choose-nothing",
                place,
                f'there is nothing to choose for "{key}"{closest(key, set(rivals) - {key})}',
                "take the line out; [choose] settles what two plugins claim",
            )
    return {
        key: claims[0]
        if key in chosen and chosen[key][0] in broken
        else _winner(key, claims, chosen.get(key), root, problems)
        for key, claims in rivals.items()
    }


def _winner(
    key: str,
    claims: Sequence[Claim],
    choice: tuple[str, Place] | None,
    root: Table,
    problems: Problems,
) -> Claim:
    if len(claims) == 1:
        return claims[0]
    told = listed(f'"{claim.plugin}" ({claim.place})' for claim in claims)
    if choice is None:
        problems.error(
            "conflict",
            root.place("plugins"),
            f"several plugins claim {key}: {told}",
            f'choose one: [choose] "{key}" = "{claims[0].plugin}"',
        )
        return claims[0]
    wanted, place = choice
    for claim in claims:
        if claim.plugin == wanted:
            return claim
    problems.error(
        "choose-unknown",
        place,
        f'"{wanted}" is not among those that claim {key}: {told}',
        f"write one of: {listed(claim.plugin for claim in claims)}",
    )
    return claims[0]
