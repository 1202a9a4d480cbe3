"""A plugin set: which of the installed plugins exist here."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zope.interface.exceptions import Invalid
from zope.interface.verify import verifyClass, verifyObject

from selvbetjening_core.composition.plugins import InstalledPlugin, load_plugins
from selvbetjening_core.composition.register import (
    Claim,
    ComponentOffer,
    Register,
    SetContext,
    contract_word,
)
from selvbetjening_core.composition.settings import SETTING_KINDS
from selvbetjening_core.files import Table, load_toml
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.interfaces import IFieldKind, ITheme
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import KindDeclaration, Setting


@dataclass(frozen=True, slots=True)
class PluginSet:
    """What the plugins of a set offer, conflicts settled.

    ``versions`` by plugin name, of every plugin that could be loaded.
    ``offers`` by plugin name: what municipalities make components from.
    ``claims`` by key (``theme:plain``): field kinds, themes and shared
    components, the core's own among them. ``hidden`` are the claims of the
    core that a plugin of the set took over. ``broken`` are plugins that are named,
    perhaps misspelt, but could not be loaded; reported already.
    """

    name: str
    versions: Mapping[str, str]
    offers: Mapping[str, tuple[ComponentOffer, ...]]
    claims: Mapping[str, Claim]
    hidden: tuple[Claim, ...]
    broken: frozenset[str]
    place: Place

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
) -> PluginSet | None:
    """Read a plugin set's file and load its plugins. The file's name is its name."""
    toml = load_toml(file, problems)
    if toml is None:
        return None
    root = Table.whole(toml, problems)
    names = root.text_list("plugins")
    places = {name: root.place("plugins", root.position("plugins", name)) for name in names}
    registers = load_plugins(places, installed, file.stem, mode, problems)
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
        place=root.place(),
    )
    _verify(plugin_set, problems)
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
                f'there is nothing to choose for "{key}"{closest(key, rivals)}',
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


def _verify(plugin_set: PluginSet, problems: Problems) -> None:
    for offers in plugin_set.offers.values():
        for offer in offers:
            _verify_offer(offer, problems)
    for claim in plugin_set.claims.values():
        _verify_claim(claim, plugin_set, problems)


def _verify_offer(offer: ComponentOffer, problems: Problems) -> None:
    if inspect.isclass(offer.factory):
        try:
            verifyClass(offer.contract, offer.factory)
        except Invalid as error:
            _report_contract(offer, error, problems)
    _verify_settings(offer, offer.settings, problems)


def _verify_claim(claim: Claim, plugin_set: PluginSet, problems: Problems) -> None:
    try:
        verifyObject(claim.contract, claim.component)
    except Invalid as error:
        _report_contract(claim, error, problems)
        return
    if claim.contract is ITheme:
        _verify_settings(claim, claim.component.settings, problems)
        _verify_extends(claim, plugin_set, problems)


def _verify_extends(claim: Claim, plugin_set: PluginSet, problems: Problems) -> None:
    """No page can be shown in a theme whose templates cannot be found."""
    themes, direct = plugin_set.themes(), claim.component.extends
    extended, name = [], direct
    while name in themes and name not in extended:
        extended.append(name)
        name = getattr(plugin_set.theme(name), "extends", "")
    if direct and not extended:
        fault = f'"{direct}", which is not here'
    elif claim.name in extended:
        fault = "itself"
    else:
        return
    problems.error(
        "theme-extends",
        claim.place,
        f'the theme "{claim.name}" of the plugin "{claim.plugin}" extends {fault}',
        f"mend the plugin: the themes here are {listed(themes)}",
    )


def _verify_settings(
    culprit: ComponentOffer | Claim, settings: Iterable[Setting], problems: Problems
) -> None:
    for setting in settings:
        if setting.kind not in SETTING_KINDS:
            problems.error(
                "bad-setting-kind",
                culprit.place,
                f'the plugin "{culprit.plugin}" declares the setting "{setting.name}" of the'
                f' unknown kind "{setting.kind}"{closest(setting.kind, SETTING_KINDS)}',
                f"the kinds are: {listed(SETTING_KINDS)}",
            )


def _report_contract(culprit: ComponentOffer | Claim, error: Exception, problems: Problems) -> None:
    contract = culprit.contract.__identifier__
    reason = " ".join(str(error).split()).split(f"interface {contract}:")[-1]
    reason = reason.replace(f"{contract}.", "").strip()
    problems.error(
        "contract-not-fulfilled",
        culprit.place,
        f'the plugin "{culprit.plugin}" does not fulfil {culprit.contract.__name__}: {reason}',
        "mend the plugin, or take it out of the plugin set",
    )
