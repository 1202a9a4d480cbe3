"""The running composition: one frozen stack of layers for each municipality."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from zope.interface.interface import InterfaceClass
from zope.interface.verify import verifyObject

from selvbetjening_core.composition.compose import Plan
from selvbetjening_core.composition.layers import Layer
from selvbetjening_core.composition.municipality_file import ComponentSpec, MunicipalityFile
from selvbetjening_core.composition.register import Claim, ComponentOffer, add_to
from selvbetjening_core.composition.settings import resolve_settings
from selvbetjening_core.definitions.model import OfferedSolution
from selvbetjening_core.errors import ComponentMissing, ConfigurationError
from selvbetjening_core.problems import Problems
from selvbetjening_core.values import ComponentContext

T = TypeVar("T")
Clock = Callable[[], datetime.datetime]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality at work: what its file says, and its components."""

    file: MunicipalityFile
    layer: Layer

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
        name = self.component_name(role, solution)
        return self.named(contract, name)

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
        found: Any = self.layer.queryUtility(contract, name=name)
        if found is None:
            raise ComponentMissing(f'there is no {contract.__name__} called "{name}"')
        return found  # type: ignore[no-any-return]  # zope's look-up is not typed

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


def build(plan: Plan, now: Clock) -> Composition:
    """Make every component, freeze every layer.

    :raises ConfigurationError: a secret is missing, or a plugin cannot make its
        component; it carries all such problems
    """
    problems = Problems()
    core = _layer("core", plan.core.claims, None)
    sets = {
        name: _layer(name, plugin_set.claims.values(), core)
        for name, plugin_set in plan.plugin_sets.items()
    }
    municipalities = {
        code: Municipality(file, _municipality_layer(file, sets, plan, now, problems))
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


def _layer(name: str, claims: Iterable[Claim], below: Layer | None) -> Layer:
    layer = Layer(name, () if below is None else (below,))
    for claim in claims:
        add_to(layer, claim)
    layer.freeze()
    return layer


def _municipality_layer(
    file: MunicipalityFile,
    sets: Mapping[str, Layer],
    plan: Plan,
    now: Clock,
    problems: Problems,
) -> Layer:
    layer = Layer(file.code, (sets[file.plugin_set.name],))
    for spec in file.components.values():
        context = _context(file, spec, plan, now, problems)
        for offer in spec.offers if context else ():
            component = _make(offer, context, spec, problems)
            if component is not None:
                _add(layer, component, offer.contract, spec)
    layer.freeze()
    return layer


def _add(layer: Layer, component: Any, contract: InterfaceClass, spec: ComponentSpec) -> None:
    layer.registerUtility(component, contract, name=spec.name, info=str(spec.place))


def _context(
    file: MunicipalityFile, spec: ComponentSpec, plan: Plan, now: Clock, problems: Problems
) -> ComponentContext | None:
    declared = [setting for offer in spec.offers for setting in offer.settings]
    folder = plan.installation.folder
    try:
        settings = resolve_settings(spec.settings, declared, folder)
    except LookupError as error:
        problems.error(
            "secret-missing",
            spec.place,
            f'the component "{spec.name}" lacks a secret: {error}',
            "put the secret where the file says it is",
        )
        return None
    return ComponentContext(spec.name, file.code, settings, folder, now)


def _make(
    offer: ComponentOffer,
    context: ComponentContext | None,
    spec: ComponentSpec,
    problems: Problems,
) -> Any:
    if context is None:
        return None
    try:
        component = offer.factory(context)
        # Here too: a factory that is a function could not be verified before.
        verifyObject(offer.contract, component)
    except Exception as error:  # noqa: BLE001 - whatever a foreign factory raises
        reason = _without_secrets(" ".join(str(error).split()), offer, context)
        problems.error(
            "component-broken",
            spec.place,
            f'the plugin "{spec.plugin}" cannot make "{spec.name}":'
            f" {type(error).__name__}: {reason}",
            "check its settings, or ask the plugin's vendor",
        )
        return None
    return component


def _without_secrets(text: str, offer: ComponentOffer, context: ComponentContext) -> str:
    """What a foreign plugin says, without what it was entrusted with."""
    for setting in offer.settings:
        value = context.text(setting.name)
        if value and setting.kind in ("secret", "url"):
            text = text.replace(value, "…")
    return text
