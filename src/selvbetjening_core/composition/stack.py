"""The running composition: one frozen stack of layers for each municipality."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from selvbetjening_core.collecting import collected_later
from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.default_secrets import report_defaults
from selvbetjening_core.composition.faults import report_faults
from selvbetjening_core.composition.gateway import Surroundings, guard
from selvbetjening_core.composition.layers import Layer
from selvbetjening_core.composition.municipality_file import ComponentSpec, MunicipalityFile
from selvbetjening_core.composition.page_origins import form_origins, sends_to
from selvbetjening_core.composition.register import Claim, ComponentOffer, add_to
from selvbetjening_core.composition.secrets import SecretMissing
from selvbetjening_core.composition.settings import resolve_settings
from selvbetjening_core.composition.threads import Threads
from selvbetjening_core.composition.verify import Verifier
from selvbetjening_core.definitions.model import OfferedSolution
from selvbetjening_core.errors import BadSettings, ComponentMissing, ConfigurationError
from selvbetjening_core.interfaces import IScheduled
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import ComponentContext, ComponentStore, MemoryStore, Task

T = TypeVar("T")
Clock = Callable[[], datetime.datetime]
Stores = Callable[[str, str], ComponentStore]
"""The store of a component, given the municipality's code and the component's name."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality at work: what its file says, and its components.

    Whatever it returns is called through the gateway.
    """

    file: MunicipalityFile
    layer: Layer
    form_origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Where a form may send the browser, by solution; under an empty name for other pages."""
    _named: Mapping[tuple[Any, str], Any] = field(default_factory=dict, repr=False, compare=False)
    _filling: Mapping[tuple[Any, str, str], Any] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def code(self) -> str:
        """The kommunekode."""
        return self.file.code

    @property
    def solutions(self) -> Mapping[str, OfferedSolution]:
        """The solutions it offers, by name."""
        return self.file.solutions

    def component(self, contract: type[T], role: str, solution: str) -> T:
        """The component that fills ``role`` in ``solution`` here.

        :raises ComponentMissing: no component does (the checker finds it first)
        """
        found = self._filling.get((contract, role, solution))
        if found is None:
            return self.named(contract, self.component_name(role, solution))
        return found  # type: ignore[no-any-return]  # what registries hold is not typed

    def component_name(self, role: str, solution: str) -> str:
        """The name of the component bound to ``role``.

        :raises ComponentMissing: none is
        """
        binding = self.file.binding(role, solution)
        if binding is None:
            raise ComponentMissing(f'no component is bound to the role "{role}"')
        return binding.component

    def named(self, contract: type[T], name: str) -> T:
        """The component called ``name``.

        :raises ComponentMissing: there is none of this contract
        """
        found: Any = self._named.get((contract, name))
        if found is None:
            found = self.layer.queryUtility(contract, name=name)
        if found is None:
            raise ComponentMissing(f'there is no {contract.__name__} called "{name}"')
        return found  # type: ignore[no-any-return]  # zope's look-up is not typed

    def beside(self, contract: type[T], name: str) -> T | None:
        """The component called ``name``, if it provides ``contract``, too.

        For what a component can do beside what it was offered as: ``IMessages``,
        ``IScheduled``.
        """
        provided: Any = contract
        return next(
            (
                one
                for (_, named), one in self._named.items()
                if named == name and provided.providedBy(one)
            ),
            None,
        )

    def tasks(self) -> Iterator[tuple[str, Task]]:
        """What its components do regularly, each task with its component's name."""
        for spec in self.file.components.values():
            for offer in spec.offers:
                yield from ((spec.name, task) for task in offer.tasks)

    def spec(self, name: str) -> ComponentSpec:
        """How the component called ``name`` is configured.

        :raises ComponentMissing: there is none
        """
        if name not in self.file.components:
            raise ComponentMissing(f'there is no component called "{name}"')
        return self.file.components[name]

    def plugin_versions(self) -> dict[str, str]:
        """Version by plugin, of the plugins in use here."""
        return {spec.plugin: spec.offers[0].version for spec in self.file.components.values()}


@dataclass(frozen=True, slots=True)
class Composition:
    """All municipalities of an installation. Immutable: a reload makes another."""

    plan: Plan
    municipalities: Mapping[str, Municipality]
    _by_host: Mapping[str, Municipality]
    _by_prefix: tuple[tuple[str, Municipality], ...]

    def by_host(self, host: str) -> Municipality | None:
        """The municipality that declares ``host`` (without port), or None."""
        return self._by_host.get(host.lower())

    def serves_prefixes(self, host: str) -> bool:
        """Does the installation declare ``host`` (without port) for path prefixes?"""
        return host.lower() in self.plan.installation.prefix_hosts

    def by_prefix(self, path: str) -> tuple[str, Municipality] | None:
        """The longest declared prefix that ``path`` begins with, and its municipality.

        For hosts of which :meth:`serves_prefixes` is true.
        """
        for prefix, municipality in self._by_prefix:
            if path == prefix or path.startswith(f"{prefix}/"):
                return prefix, municipality
        return None


@collected_later()
def build(plan: Plan, now: Clock, stores: Stores = lambda *_: MemoryStore()) -> Composition:
    """Make every component, freeze every layer.

    :param stores: where components keep what must outlive the process; in
        memory, where there is no database
    :raises ConfigurationError: a secret is missing, or a plugin cannot make its
        component; it carries all such problems
    """
    problems = Problems()
    for plugin_set in plan.plugin_sets.values():
        plugin_set.hooks.open_settings(problems)
        if not plan.installation.is_demo:
            plugin_set.hooks.report_default_secrets(problems)
    says = plan.installation
    around = Surroundings(Threads(), now, says.attempt_seconds, says.calls_at_once)
    sets = _set_layers(plan, around)
    maker = _Maker(plan, stores, around, problems)
    municipalities = {
        code: maker.municipality(file, sets[file.plugin_set.name])
        for code, file in plan.municipalities.items()
    }
    if problems.count_errors():
        raise ConfigurationError(problems)
    return Composition(
        plan=plan,
        municipalities=municipalities,
        _by_host={h: m for m in municipalities.values() for h in m.file.hosts},
        _by_prefix=tuple(
            sorted(
                ((p, m) for m in municipalities.values() for p in m.file.prefixes),
                key=lambda pair: -len(pair[0]),
            )
        ),
    )


def without_components(plan: Plan, now: Clock) -> Mapping[str, Municipality]:
    """Every municipality with what its plugin set shares, and no component of its own.

    For looking at forms: field kinds, themes and the form component are there.
    Follows no secret, starts nothing.
    """
    says = plan.installation
    around = Surroundings(Threads(), now, says.attempt_seconds, says.calls_at_once)
    sets = _set_layers(plan, around)
    return {
        code: Municipality(file, sets[file.plugin_set.name])
        for code, file in plan.municipalities.items()
    }


def _set_layers(plan: Plan, around: Surroundings) -> dict[str, Layer]:
    """A layer for each plugin set, above that of the core."""
    core = _layer("core", plan.core.claims, None, around)
    return {
        name: _layer(name, plugin_set.claims.values(), core, around)
        for name, plugin_set in plan.plugin_sets.items()
    }


def _layer(name: str, claims: Iterable[Claim], below: Layer | None, around: Surroundings) -> Layer:
    layer = Layer(name, () if below is None else (below,))
    for claim in claims:
        shared = guard(claim.component, f"plugin {claim.plugin!r}", frozenset(), around)
        add_to(layer, dataclasses.replace(claim, component=shared))
    layer.freeze()
    return layer


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the components of municipalities."""

    plan: Plan
    stores: Stores
    around: Surroundings
    problems: Problems
    verifier: Verifier = field(default_factory=Verifier)
    followed: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    """What references led to, by plugin set: each knows schemes of its own."""

    def municipality(self, file: MunicipalityFile, below: Layer) -> Municipality:
        layer = Layer(file.code, (below,))
        named: dict[tuple[Any, str], Any] = {}
        sent_to: dict[str, tuple[str, ...]] = {}
        for spec in file.components.values():
            context = self._context(file, spec)
            sent_to[spec.name] = sends_to(spec, context.settings if context else {}, self.problems)
            for offer in spec.offers if context else ():
                made = _make(offer, context, spec, self)
                if made is not None:
                    named[offer.contract, spec.name] = made
                    layer.registerUtility(made, offer.contract, spec.name, spec.place)
        layer.freeze()
        origins = form_origins(file, sent_to)
        return Municipality(file, layer, origins, named, _filling(file, named))

    def _context(self, file: MunicipalityFile, spec: ComponentSpec) -> ComponentContext | None:
        folder = self.plan.installation.folder
        schemes = file.plugin_set.secrets
        followed = self.followed.setdefault(file.plugin_set.name, {})
        try:
            settings = resolve_settings(spec.settings, spec.declared, folder, schemes, followed)
        except SecretMissing as error:
            self.problems.error(
                "secret-missing",
                spec.place,
                f'the component "{spec.name}" lacks a secret: {error}',
                error.advice,
            )
            return None
        if not self.plan.installation.is_demo and report_defaults(
            settings, spec.declared, spec.place, f'the component "{spec.name}"', self.problems
        ):
            return None
        store = self.stores(file.code, spec.name)
        return ComponentContext(spec.name, file.code, settings, folder, self.around.now, store)


def _filling(
    file: MunicipalityFile, named: Mapping[tuple[Any, str], Any]
) -> dict[tuple[Any, str, str], Any]:
    """What fills each role in each solution, by contract: looked up at every request."""
    by_name: dict[str, list[tuple[Any, Any]]] = {}
    for (contract, name), component in named.items():
        by_name.setdefault(name, []).append((contract, component))
    found: dict[tuple[Any, str, str], Any] = {}
    for role in {binding.role for binding in file.bindings}:
        for solution in file.solutions:
            binding = file.binding(role, solution)
            for contract, component in by_name.get(binding.component, ()) if binding else ():
                found[contract, role, solution] = component
    return found


def _make(
    offer: ComponentOffer,
    context: ComponentContext | None,
    spec: ComponentSpec,
    maker: _Maker,
) -> Any:
    """The component, to be called through the gateway alone; None if it cannot be made."""
    if context is None:
        return None
    name = f"plugin {spec.plugin!r} as {spec.name!r} in {context.municipality_code}"
    try:
        component = offer.factory(context)
        # Here too: a factory that is a function could not be verified before.
        maker.verifier.verify(offer.contract, component)
        if offer.tasks:
            maker.verifier.verify(IScheduled, component)
        return guard(component, name, offer.reads, maker.around)
    except BadSettings as error:
        report_faults(spec, error.faults, maker.problems)
        return None
    except Exception as error:  # noqa: BLE001 - whatever a foreign factory raises
        reason = _without_secrets(" ".join(str(error).split()), offer, context)
        maker.problems.error(
            "component-broken",
            spec.place,
            f'the plugin "{spec.plugin}" cannot make "{spec.name}":'
            f" {type(error).__name__}: {reason}",
            "check its settings, or ask the plugin's vendor",
        )
        return None


def _without_secrets(text: str, offer: ComponentOffer, context: ComponentContext) -> str:
    """What a foreign plugin says, without what it was entrusted with."""
    for setting in offer.settings:
        value = context.text(setting.name)
        if value and setting.kind in ("secret", "url"):
            text = text.replace(value, "…")
    return text
