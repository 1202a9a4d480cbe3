"""Reading a municipality's file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from selvbetjening_core.composition.accessibility import check_review
from selvbetjening_core.composition.addresses import HOSTS, PREFIXES, read_addresses
from selvbetjening_core.composition.digest_settings import DigestSettings, read_digest
from selvbetjening_core.composition.framing import read_framing
from selvbetjening_core.composition.installation import Installation
from selvbetjening_core.composition.kommunekoder import kommunekoder
from selvbetjening_core.composition.limits import Rate, read_own_limits
from selvbetjening_core.composition.misplaced import (
    names_in,
    report_missing_heading,
    stray_bindings,
)
from selvbetjening_core.composition.own_texts import own_texts
from selvbetjening_core.composition.plugin_set import PluginSet
from selvbetjening_core.composition.receiver_rules import (
    COMMON_RULES,
    ReceiverRules,
    read_receiver_rules,
)
from selvbetjening_core.composition.register import ComponentOffer, contract_word
from selvbetjening_core.composition.settings import read_settings
from selvbetjening_core.composition.solutions import SolutionShelf
from selvbetjening_core.composition.staff_agreements import (
    FROM,
    TO,
    StaffAgreement,
    read_agreements,
)
from selvbetjening_core.composition.theme_choice import (
    ThemeChoice,
    read_theme,
    report_not_in_set,
)
from selvbetjening_core.definitions.model import OfferedSolution, Solution
from selvbetjening_core.definitions.read_names import check_name
from selvbetjening_core.definitions.read_texts import Languages
from selvbetjening_core.definitions.solution import read_parameter
from selvbetjening_core.files import Table, load_toml
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.interfaces import IDelivery
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.uploads.limits import UploadLimits
from selvbetjening_core.values import Contact, Setting

_EMPTY_CONTACT = Contact("", "", "", "")


@dataclass(frozen=True, slots=True)
class ComponentSpec:
    """A component as configured: not made yet.

    A plugin may offer several contracts; ``offers`` has all of them.
    ``settings`` are as written: references not followed.
    """

    name: str
    plugin: str
    offers: tuple[ComponentOffer, ...]
    settings: Mapping[str, object]
    place: Place
    setting_place: Callable[[str], Place] = field(repr=False, compare=False)
    """Where a setting stands, or would."""

    @property
    def declared(self) -> tuple[Setting, ...]:
        """The settings that its plugin understands, each once."""
        return declared_by(self.offers)


@dataclass(frozen=True, slots=True)
class Binding:
    """A role bound to a component. ``solution`` is empty for all solutions."""

    role: str
    component: str
    solution: str
    place: Place


@dataclass(frozen=True, slots=True)
class MunicipalityFile:
    """What a municipality's file says, checked against its plugin set.

    ``unresolved`` are roles whose binding is wrong: reported where it stands,
    and not once more as missing. ``is_complete``: every solution it names could
    be read, so that all roles are known. ``frame_ancestors`` are the origins of the
    sites that may show its login-free pages in a frame. ``staff_from`` and ``staff_to``
    are its own word on whose staff serve where; ``visitors`` what both sides say.
    """

    code: str
    name: str
    hosts: tuple[str, ...]
    prefixes: tuple[str, ...]
    plugin_set: PluginSet
    theme: ThemeChoice
    contact: Contact
    accessibility_url: str
    privacy_url: str
    components: Mapping[str, ComponentSpec]
    bindings: tuple[Binding, ...]
    solutions: Mapping[str, OfferedSolution]
    receiver_rules: Mapping[str, ReceiverRules]
    rates: Mapping[str, Rate]
    uploads: UploadLimits
    digest: DigestSettings
    place: Place
    roles_table: Place
    host_places: Mapping[str, Place]
    unresolved: frozenset[str]
    is_complete: bool
    staff_from: Mapping[str, StaffAgreement]
    staff_to: Mapping[str, StaffAgreement]
    visitors: Mapping[str, StaffAgreement] = field(default_factory=dict)
    frame_ancestors: tuple[str, ...] = ()
    _bound: Mapping[tuple[str, str], Binding] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every request asks for its components by role: by key, not by a search.
        bound = {(one.role, one.solution): one for one in self.bindings}
        object.__setattr__(self, "_bound", bound)

    @property
    def deliverers(self) -> tuple[str, ...]:
        """The names of its components that deliver."""
        return tuple(name for name, spec in self.components.items() if delivers(spec))

    def rules_for(self, component: str) -> ReceiverRules:
        """What holds for the deliveries to ``component``, whether or not there is one."""
        return self.receiver_rules.get(component, COMMON_RULES)

    def roles_place(self, role: str) -> Place:
        """Where a binding of ``role`` for all solutions would stand."""
        return self.roles_table.under(f"roles.{role}")

    def binding(self, role: str, solution: str) -> Binding | None:
        """The binding of ``role`` that counts for ``solution``.

        The solution's own goes before the municipality's.
        """
        return self._bound.get((role, solution)) or self._bound.get((role, ""))

    def bindings_of(self, role: str, solution: str) -> tuple[Binding, ...]:
        """All bindings of ``role`` for ``solution``; the first hides the rest."""
        own = [b for b in self.bindings if b.role == role and b.solution == solution != ""]
        common = [b for b in self.bindings if b.role == role and not b.solution]
        return (*own, *common)


def read_municipality(
    file: Path,
    plugin_sets: Mapping[str, PluginSet | None],
    solutions: SolutionShelf,
    installation: Installation,
    problems: Problems,
) -> MunicipalityFile | None:
    """Read one municipality's file; None where it cannot be judged.

    :param plugin_sets: by name (None: it cannot be read); that there is none at
        all is reported elsewhere
    """
    toml = load_toml(file, problems)
    if toml is None:
        return None
    root = Table.whole(toml, problems)
    if not toml.data:
        root.error(
            "missing-key",
            "the file says nothing",
            "write the municipality in it, or take the file out of the folder",
        )
        return None
    if not plugin_sets:
        return None
    name = root.choice("plugin_set", tuple(plugin_sets), code="unknown-plugin-set")
    plugin_set = plugin_sets.get(name)
    if plugin_set is None:
        root.give_up()
        return None
    return _Reader(root, plugin_set, solutions, installation, problems).read(file)


class _Reader:
    def __init__(
        self,
        root: Table,
        plugin_set: PluginSet,
        solutions: SolutionShelf,
        installation: Installation,
        problems: Problems,
    ) -> None:
        self._root = root
        self._set = plugin_set
        self._solutions = solutions
        self._mode = installation.mode
        self._folder = installation.folder
        self._limits = installation.limits
        self._problems = problems
        self._bindings: list[Binding] = []
        self._unresolved: set[str] = set()
        self._failed: set[str] = set()
        self._stray: dict[str, Place] = {}
        self._is_complete = bool(root.data.get("solutions"))

    def read(self, file: Path) -> MunicipalityFile:
        root = self._root
        code = self._code(file)
        limits = read_own_limits(root, self._limits)
        check_review(root, self._solutions.today, self._mode, self._problems)
        components = self._components()
        self._bind(self._roles(), components, "")
        hosts = read_addresses(root, "hosts", HOSTS)
        prefixes = read_addresses(root, "prefixes", PREFIXES)
        found = MunicipalityFile(
            code=code,
            name=root.text("name"),
            hosts=tuple(hosts),
            prefixes=tuple(prefixes),
            plugin_set=self._set,
            theme=read_theme(root, self._set, code, self._folder, self._problems),
            contact=self._contact(),
            accessibility_url=root.web_url("accessibility_url"),
            privacy_url=root.web_url("privacy_url"),
            components=components,
            bindings=(),
            solutions=dict(self._offered(components)),
            receiver_rules=read_receiver_rules(
                root,
                {name: delivers(spec) for name, spec in components.items()},
                frozenset(self._failed),
            ),
            rates=limits.rates,
            uploads=limits.uploads,
            digest=read_digest(root),
            staff_from=read_agreements(root, FROM, code),
            staff_to=read_agreements(root, TO, code),
            frame_ancestors=read_framing(root, self._mode),
            place=root.place(),
            roles_table=root.place("roles"),
            host_places={**hosts, **prefixes},
            unresolved=frozenset(),
            is_complete=False,
        )
        if not (root.data.get("hosts") or root.data.get("prefixes")):
            root.error(
                "no-address",
                "no citizen can reach the municipality",
                f'add hosts = ["…"] or prefixes = ["/…"]{root.above_headings()}',
                "hosts",
            )
        root.finish()
        return dataclasses.replace(
            found,
            bindings=tuple(self._bindings),
            unresolved=frozenset(self._unresolved),
            is_complete=self._is_complete,
        )

    def _code(self, file: Path) -> str:
        code = self._root.text("code")
        known = kommunekoder()
        if code and code not in known:
            self._root.error(
                "bad-kommunekode",
                f'"{code}" is not a Danish kommunekode{closest(code, known)}',
                "write the four digits of the municipality, in quotes",
                "code",
            )
        elif code and file.stem != code and file.with_name(f"{code}.toml").exists():
            self._root.error(
                "file-name",
                f'"{file.name}" is about {code} {known[code]}, and so is "{code}.toml"',
                "mend the code, or take this file out of the folder",
                "code",
            )
        elif code and file.stem != code:
            self._root.error(
                "file-name",
                f'the file is called "{file.name}" but is about {code} {known[code]}',
                f'call it "{code}.toml", or mend the code',
                "code",
            )
        return code

    def _contact(self) -> Contact:
        table = self._root.table("contact", required=True)
        if table is None:
            return _EMPTY_CONTACT
        contact = Contact(
            phone=table.text("phone"),
            email=table.email("email"),
            hours=table.text("hours"),
            address=table.text("address"),
        )
        table.finish()
        return contact

    def _components(self) -> dict[str, ComponentSpec]:
        misspelt = self._root.misspelt("component")
        if misspelt:
            self._failed.update(names_in(self._root, misspelt))
        table = self._root.table("component", required=bool(misspelt))
        found: dict[str, ComponentSpec] = {}
        for name, inner in table.named_tables() if table else ():
            spec = self._component(name, inner)
            if spec is not None:
                found[name] = spec
            else:
                self._failed.add(name)
        if table:
            table.finish("each component is a table: [component.name]")
        return found

    def _component(self, name: str, table: Table) -> ComponentSpec | None:
        check_name(table, name, "component")
        if any(table.data.get("plugin") == broken for broken in self._set.broken):
            return None
        written = table.data.get("plugin")
        if isinstance(written, str) and written in self._set.spare - self._set.offers.keys():
            report_not_in_set(table, "plugin", written, self._set)
            table.give_up()
            return None
        plugin = table.choice(
            "plugin",
            tuple(self._set.offers),
            code="unknown-plugin",
            otherwise=f"or install it, and add it to plugins in {self._set.told_place}",
        )
        offers = self._set.offers.get(plugin)
        if not offers:
            table.give_up()
            return None
        pretending = [offer for offer in offers if offer.demo_only or offer.makes_faults]
        if self._mode != "demo" and pretending:
            does = (
                "makes faults" if any(one.makes_faults for one in pretending) else "only pretends"
            )
            table.error(
                "demo-only",
                f'the plugin "{plugin}" {does}, and this is not a demo',
                'use a real plugin; a demo says so in its installation file: mode = "demo"',
                "plugin",
            )
        declared = declared_by(offers)
        settings = read_settings(table, declared, self._set.secrets)
        self._stray |= stray_bindings(self._root, table, {setting.name for setting in declared})
        names = listed(setting.name for setting in declared)
        table.finish(f'the settings of "{plugin}" are: {names}')
        return ComponentSpec(name, plugin, offers, settings, table.place(), table.place)

    def _roles(self) -> Table | None:
        misspelt = self._root.misspelt("roles")
        if misspelt:
            self._unresolved.update(names_in(self._root, misspelt))
        if self._stray:
            report_missing_heading(next(iter(self._stray.values())), self._problems)
            self._unresolved.update(self._stray)
        return self._root.table("roles", required=bool(misspelt))

    def _bind(
        self, table: Table | None, components: Mapping[str, ComponentSpec], solution: str
    ) -> None:
        for role in table.data if table else ():
            assert table is not None  # noqa: S101 - for the type checker; see the loop
            if any(table.data[role] == failed for failed in self._failed):
                self._unresolved.add(role)
                continue
            name = table.choice(role, tuple(components), code="unknown-component")
            if not name:
                self._unresolved.add(role)
            else:
                self._bindings.append(Binding(role, name, solution, table.place(role)))

    def _offered(
        self, components: Mapping[str, ComponentSpec]
    ) -> Iterator[tuple[str, OfferedSolution]]:
        advice = "add the table [solutions.NAME] for each solution that is offered"
        table = self._root.table("solutions", required=True, advice=advice)
        for name, inner in table.named_tables() if table else ():
            names = self._solutions.names(self._set)
            if name not in names:
                self._is_complete = False
                if self._solutions.is_complete(self._set):
                    inner.error(
                        "unknown-solution",
                        f'there is no solution "{name}"{closest(name, names)}',
                        f"the solutions here are: {listed(names)}",
                    )
                continue
            self._bind(inner.table("roles"), components, name)
            solution = self._solutions.get(name, self._set)
            if solution is None:
                self._is_complete = False
            else:
                yield name, self._localised(solution, inner)
        if table:
            self._is_complete &= all(isinstance(value, dict) for value in table.data.values())
            table.finish("each solution is a table: [solutions.name]")

    def _localised(self, solution: Solution, table: Table) -> OfferedSolution:
        parameters: dict[str, object] = {}
        for parameter in solution.parameters:
            written = read_parameter(table, parameter.name, parameter.kind, required=False)
            parameters[parameter.name] = parameter.default if written is None else written
            if parameters[parameter.name] is None:
                table.error(
                    "parameter-missing",
                    f'the parameter "{parameter.name}" of "{solution.name}" has no value',
                    f"add {parameter.name} = … (the solution gives no default)",
                    parameter.name,
                )
        languages = Languages(solution.languages, solution.languages)
        texts = {**solution.texts, **own_texts(table.table("text"), languages)}
        names = [*(parameter.name for parameter in solution.parameters), "text", "roles"]
        table.finish(f'"{solution.name}" lets a municipality set: {listed(names)}')
        return OfferedSolution(dataclasses.replace(solution, texts=texts), parameters)


def declared_by(offers: Iterable[ComponentOffer]) -> tuple[Setting, ...]:
    """The settings of all contracts that a plugin offers, each once."""
    return tuple({one.name: one for offer in offers for one in offer.settings}.values())


def offer_for(spec: ComponentSpec, contract: object) -> ComponentOffer | None:
    """The spec's offer of ``contract``, or None."""
    return next((offer for offer in spec.offers if offer.contract is contract), None)


def delivers(spec: ComponentSpec) -> bool:
    """Does the component deliver?"""
    return offer_for(spec, IDelivery) is not None


def contracts_of(spec: ComponentSpec) -> str:
    """The contracts a component fulfils, as words."""
    return listed(contract_word(offer.contract) for offer in spec.offers)
