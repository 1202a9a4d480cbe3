"""Putting an installation together: every file read, every problem at once."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from selvbetjening_core import __version__
from selvbetjening_core.collecting import collected_later
from selvbetjening_core.composition.addresses import check_addresses
from selvbetjening_core.composition.installation import Installation, read_installation
from selvbetjening_core.composition.municipality_file import (
    MunicipalityFile,
    contracts_of,
    offer_for,
    read_municipality,
)
from selvbetjening_core.composition.plugin_set import (
    PluginSet,
    core_register,
    kinds_of,
    read_plugin_set,
)
from selvbetjening_core.composition.plugins import InstalledPlugin, installed_plugins
from selvbetjening_core.composition.register import Register, contract_word
from selvbetjening_core.composition.roles import (
    COMMON_ROLES,
    DIGEST,
    MUNICIPAL_ROLES,
    STAFF_LOGIN,
    Role,
    roles_of,
)
from selvbetjening_core.composition.secrets import known_schemes, unknown_scheme
from selvbetjening_core.composition.solutions import SolutionShelf
from selvbetjening_core.composition.staff_agreements import with_visitors
from selvbetjening_core.errors import ConfigurationError
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.interfaces import IDigest, IIdentity
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import Data, KindDeclaration

CorePart = Callable[[Register], None]
_OF_PERSONS = frozenset({Data.CPR, Data.NAME, Data.ADDRESS})
"""What is known of a citizen by their login, and of a guest not at all."""


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
    plan, problems = survey(file, core, today, installed)
    if plan is None or problems.count_errors():
        raise ConfigurationError(problems)
    return plan


@collected_later()
def survey(
    file: Path,
    core: CorePart,
    today: datetime.date,
    installed: Sequence[InstalledPlugin] | None = None,
) -> tuple[Plan | None, Problems]:
    """As :func:`read_plan`, for whoever wants to look further in spite of errors.

    The plan holds what could be read; None where not even the installation's
    file could.
    """
    problems = Problems()
    register = core_register(__version__)
    core(register)
    return _read(file, register, today, installed, problems), problems


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
    read = {
        path.stem: read_plugin_set(
            path, found, core, installation.mode, problems, installation.folder
        )
        for path in installation.plugin_sets
    }
    plugin_sets = {name: plugin_set for name, plugin_set in read.items() if plugin_set}
    _check_keys(installation, plugin_sets.values(), problems)
    solutions = SolutionShelf(installation, today, problems)
    municipalities = [
        municipality
        for path in installation.municipalities
        if (municipality := read_municipality(path, read, solutions, installation, problems))
    ]
    solutions.read_rest(plugin_sets.values(), _all_kinds(core, plugin_sets.values()))
    check_addresses(municipalities, installation.prefix_host_places, problems)
    for municipality in municipalities:
        _check_roles(municipality, problems)
    by_code = {municipality.code: municipality for municipality in municipalities}
    by_code = with_visitors(by_code, problems)
    return Plan(installation, plugin_sets, by_code, core, problems)


def _check_keys(
    installation: Installation, plugin_sets: Iterable[PluginSet], problems: Problems
) -> None:
    """Does any plugin read the place where the keys are?"""
    known = sorted({scheme for one in plugin_sets for scheme in one.secrets})
    told = unknown_scheme(installation.keys, known)
    if told:
        problems.error(
            "unknown-scheme",
            installation.place,
            f'"keys" in [store] {told}',
            f"write where the keys are kept, with one of: {known_schemes(known)}; a plugin that"
            " reads another has to be in a plugin set",
        )


def _all_kinds(core: Register, plugin_sets: Iterable[PluginSet]) -> dict[str, KindDeclaration]:
    kinds = kinds_of(core.claims)
    for plugin_set in plugin_sets:
        kinds.update(plugin_set.kinds())
    return kinds


def _check_roles(municipality: MunicipalityFile, problems: Problems) -> None:
    roles: dict[str, dict[str, Role]] = {
        name: {role.name: role for role in roles_of(offered.solution)}
        for name, offered in municipality.solutions.items()
    }
    # A misspelt role is told where it is written, and not once more as missing.
    reported: set[tuple[str, Place | None]] = {(role, None) for role in _meant(municipality, roles)}
    for solution, asked in roles.items():
        for role in asked.values():
            _check_role(municipality, role, solution, reported, problems)
    _check_without_login(municipality, roles, problems)
    _check_staff_login(municipality, reported, problems)
    digest = municipality.binding(DIGEST, "")
    if digest is not None:
        role = Role(DIGEST, IDigest, digest.place)
        _check_role(municipality, role, "", reported, problems)
    if municipality.is_complete:
        _check_bindings(municipality, roles, problems)


def _check_role(
    municipality: MunicipalityFile,
    role: Role,
    solution: str,
    reported: set[tuple[str, Place | None]],
    problems: Problems,
) -> None:
    """Is it bound, and are all its bindings right, the hidden ones too? Each once."""
    bindings = municipality.bindings_of(role.name, solution)
    if not bindings and role.name not in municipality.unresolved:
        if (role.name, None) not in reported:
            _report_unbound(municipality, role, solution, problems)
        reported.add((role.name, None))
    for binding in bindings:
        spec = municipality.components[binding.component]
        if offer_for(spec, role.contract) or (role.name, binding.place) in reported:
            continue
        reported.add((role.name, binding.place))
        wanted = contract_word(role.contract)
        problems.error(
            "wrong-contract",
            binding.place,
            f'the role "{role.name}" wants a component for {wanted}, but "{spec.name}"'
            f' (plugin "{spec.plugin}") is one for {contracts_of(spec)}',
            _candidates(municipality, role),
        )


def _check_without_login(
    municipality: MunicipalityFile, roles: Mapping[str, Mapping[str, Role]], problems: Problems
) -> None:
    """Does every solution without login do with components that need to know nobody?"""
    for name, asked in roles.items():
        if municipality.solutions[name].solution.needs_login:
            continue
        for role in asked.values():
            binding = municipality.binding(role.name, name)
            if binding is None:
                continue
            spec = municipality.components[binding.component]
            offer = offer_for(spec, role.contract)
            wanted = sorted(offer.needs & _OF_PERSONS) if offer else []
            if wanted:
                problems.error(
                    "needs-login",
                    binding.place,
                    f'"{spec.name}" (plugin "{spec.plugin}") needs {listed(wanted)} of the citizen,'
                    f' and "{name}", where it fills the role "{role.name}", is used without login',
                    f"bind another component for it: [solutions.{name}.roles]",
                )


def _check_staff_login(
    municipality: MunicipalityFile,
    reported: set[tuple[str, Place | None]],
    problems: Problems,
) -> None:
    """Where staff log in, they do so by a component that logs in nobody else."""
    staff = municipality.binding(STAFF_LOGIN, "")
    if staff is None:
        return
    _check_role(municipality, Role(STAFF_LOGIN, IIdentity, staff.place), "", reported, problems)
    others = [
        one.role
        for one in municipality.bindings
        if one.component == staff.component and one.role != STAFF_LOGIN
    ]
    if others:
        problems.error(
            "staff-login-shared",
            staff.place,
            f'"{staff.component}" logs staff in, and fills the role "{others[0]}", too',
            "make another component of the same plugin, [component.NAME], and bind it to"
            f" {STAFF_LOGIN}: what is meant for citizens must not open the pages for staff",
        )


def _report_unbound(
    municipality: MunicipalityFile, role: Role, solution: str, problems: Problems
) -> None:
    problems.error(
        "role-without-component",
        municipality.roles_place(role.name),
        f'the role "{role.name}", which "{solution}" needs, has no component',
        f'add {role.name} = "…" to [roles]; {_candidates(municipality, role)}',
    )


def _candidates(municipality: MunicipalityFile, role: Role) -> str:
    fitting = [
        spec.name for spec in municipality.components.values() if offer_for(spec, role.contract)
    ]
    if fitting:
        return f"write one of: {listed(fitting)}"
    able = municipality.plugin_set.offering(role.contract)
    if able:
        return f"first add [component.NAME] with a plugin that can do it: {listed(able)}"
    return (
        f"no plugin of this set can do it: one that offers {role.contract.__name__} has to be"
        f" installed and added to plugins in {municipality.plugin_set.told_place}"
    )


def _meant(
    municipality: MunicipalityFile, roles: Mapping[str, Mapping[str, Role]]
) -> Iterable[str]:
    """The roles that bindings to roles nobody has were probably meant for."""
    if not municipality.is_complete:
        return
    for binding in municipality.bindings:
        asked_for = (role for asked in roles.values() for role in asked)
        known = {*COMMON_ROLES, *MUNICIPAL_ROLES, *asked_for}
        bound = {one.role for one in municipality.bindings}
        if binding.role not in known:
            yield from difflib.get_close_matches(binding.role, known - bound, n=1)


def _check_bindings(
    municipality: MunicipalityFile, roles: Mapping[str, Mapping[str, Role]], problems: Problems
) -> None:
    """Does every binding fill a role that some solution has, or may come to have?"""
    everywhere = {role for asked in roles.values() for role in asked}
    for binding in municipality.bindings:
        of_all = () if binding.solution else MUNICIPAL_ROLES
        known = sorted({*COMMON_ROLES, *of_all, *(roles.get(binding.solution) or everywhere)})
        if binding.role not in known:
            whose = f'"{binding.solution}" has no' if binding.solution else "no solution here has a"
            problems.error(
                "unknown-role",
                binding.place,
                f'{whose} role "{binding.role}"{closest(binding.role, known)}',
                f"the roles are: {listed(known)}",
            )
