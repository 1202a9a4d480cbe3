"""Putting an installation together: every file read, every problem at once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core import __version__
from selvbetjening_core.composition.installation import Installation, read_installation
from selvbetjening_core.composition.municipality_file import (
    MunicipalityFile,
    contracts_of,
    offer_for,
    read_municipality,
)
from selvbetjening_core.composition.plugin_set import PluginSet, core_register, read_plugin_set
from selvbetjening_core.composition.plugins import InstalledPlugin, installed_plugins
from selvbetjening_core.composition.register import Register, contract_word
from selvbetjening_core.composition.roles import Role, roles_of
from selvbetjening_core.definitions.model import Solution
from selvbetjening_core.definitions.solution import read_solution
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.files.table import listed
from selvbetjening_core.problems import Place, Problems

CorePart = Callable[[Register], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """An installation as written down, checked; no component made yet."""

    installation: Installation
    plugin_sets: Mapping[str, PluginSet]
    municipalities: Mapping[str, MunicipalityFile]
    core: Register
    problems: Problems


def read_plan(
    file: Path,
    core: CorePart,
    today: datetime.date,
    installed: Sequence[InstalledPlugin] | None = None,
) -> Plan:
    """Read an installation and everything it names.

    :param file: the installation's ``selvbetjening.toml``
    :param core: registers what the core itself offers
    :param installed: the installed plugins; looked up when not given
    :raises ConfigurationError: there is an error anywhere; it carries all of
        them, and the warnings too
    """
    problems = Problems()
    register = core_register(__version__)
    core(register)
    plan = _read(file, register, today, installed, problems)
    if plan is None or problems.count_errors():
        raise ConfigurationError(problems)
    return plan


def _read(
    file: Path,
    core: Register,
    today: datetime.date,
    installed: Sequence[InstalledPlugin] | None,
    problems: Problems,
) -> Plan | None:
    installation = read_installation(file, problems)
    if installation is None:
        return None
    found = installed_plugins() if installed is None else installed
    plugin_sets = {
        plugin_set.name: plugin_set
        for path in installation.plugin_sets
        if (plugin_set := read_plugin_set(path, found, core, installation.mode, problems))
    }
    solutions = _read_solutions(installation, plugin_sets, today, problems)
    municipalities = [
        municipality
        for path in installation.municipalities
        if (
            municipality := read_municipality(
                path, plugin_sets, solutions, installation.mode, problems
            )
        )
    ]
    _check_addresses(municipalities, problems)
    for municipality in municipalities:
        _check_roles(municipality, problems)
    by_code = {municipality.code: municipality for municipality in municipalities}
    return Plan(installation, plugin_sets, by_code, core, problems)


def _read_solutions(
    installation: Installation,
    plugin_sets: Mapping[str, PluginSet],
    today: datetime.date,
    problems: Problems,
) -> dict[str, dict[str, Solution | None]]:
    """Each solution with the field kinds of each plugin set; each problem once."""
    found: dict[str, dict[str, Solution | None]] = {}
    seen: set[object] = set()
    for name, plugin_set in plugin_sets.items():
        found[name] = {}
        for solution, folder in installation.solutions.items():
            own = Problems()
            found[name][solution] = read_solution(folder, plugin_set.kinds(), today, own)
            problems.extend(problem for problem in own if problem not in seen)
            seen.update(own)
    return found


def _check_addresses(municipalities: Iterable[MunicipalityFile], problems: Problems) -> None:
    taken: dict[str, Place] = {}
    for municipality in municipalities:
        for address in (*municipality.hosts, *municipality.prefixes):
            place = municipality.host_places[address]
            other = taken.setdefault(address, place)
            if other is not place:
                problems.error(
                    "address-taken",
                    place,
                    f'"{address}" already belongs to the municipality in {other}',
                    "give one of them another address",
                )


def _check_roles(municipality: MunicipalityFile, problems: Problems) -> None:
    known: set[str] = set()
    reported: set[str] = set()
    for offered in municipality.solutions.values():
        for role in roles_of(offered.solution):
            known.add(role.name)
            if role.name not in reported and not _check_role(
                municipality, role, offered.solution, problems
            ):
                reported.add(role.name)
    for binding in municipality.bindings:
        if binding.role not in known:
            problems.error(
                "unknown-role",
                binding.place,
                f'no solution here has a role "{binding.role}"',
                f"the roles are: {listed(sorted(known))}",
            )


def _check_role(
    municipality: MunicipalityFile, role: Role, solution: Solution, problems: Problems
) -> bool:
    binding = municipality.binding(role.name, solution.name)
    if binding is None:
        if role.name in municipality.unresolved:
            return False
        problems.error(
            "role-without-component",
            municipality.place,
            f'the role "{role.name}" of "{solution.name}" ({role.place}) has no component',
            f'bind it: [roles] {role.name} = "…", to a component that is a'
            f" {contract_word(role.contract)}",
        )
        return False
    spec = municipality.components[binding.component]
    if offer_for(spec, role.contract) is None:
        problems.error(
            "wrong-contract",
            binding.place,
            f'the role "{role.name}" wants a {contract_word(role.contract)}, but'
            f' "{spec.name}" (plugin "{spec.plugin}") is a {contracts_of(spec)}',
            f"bind it to a component that is a {contract_word(role.contract)}",
        )
        return False
    return True
