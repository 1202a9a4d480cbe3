"""Finding installed plugins, and importing those that a plugin set names."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from types import ModuleType
from typing import TYPE_CHECKING

from selvbetjening_core import __version__, hooks
from selvbetjening_core.composition.hook_checks import hooks_are_right
from selvbetjening_core.composition.plugin_settings import PluginTables
from selvbetjening_core.composition.register import Register, SetContext
from selvbetjening_core.composition.set_hooks import FOREIGN_ERRORS, SetHooks, said
from selvbetjening_core.composition.settings import SETTING_KINDS
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import Setting

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

CORE_DISTRIBUTION = "selvbetjening"


@dataclass(frozen=True, slots=True)
class InstalledPlugin:
    """A plugin as its distribution announces it; not imported yet."""

    name: str
    module: str
    distribution: str
    version: str
    entry_point: metadata.EntryPoint


@dataclass(frozen=True, slots=True)
class Loaded:
    """The plugins of a set: what each offers, and the one place that calls their hooks."""

    registers: tuple[Register, ...]
    hooks: SetHooks


@dataclass(frozen=True, slots=True)
class _Loading:
    plugin_set: str
    mode: str
    tables: PluginTables
    hooks: SetHooks
    problems: Problems


def installed_plugins() -> tuple[InstalledPlugin, ...]:
    """All installed plugins by name, none of them imported."""
    points = metadata.entry_points(group=hooks.ENTRY_POINT_GROUP)
    # A distribution's file is read and parsed each time it is asked: once for all its plugins.
    distributions = {id(point.dist): point.dist for point in points}
    origins = {key: _origin(distribution) for key, distribution in distributions.items()}
    found = {
        (point.name, point.value): InstalledPlugin(
            point.name,
            # Not point.module, which fails on an entry point that is misspelt.
            point.value.partition(":")[0].strip(),
            *origins[id(point.dist)],
            point,
        )
        for point in points
    }
    return tuple(plugin for _, plugin in sorted(found.items()))


def _origin(distribution: metadata.Distribution | None) -> tuple[str, str]:
    """Name and version."""
    if distribution is None:
        return "", ""
    about = distribution.metadata
    name, version = (str(about[key]) if key in about else "" for key in ("Name", "Version"))
    return name, version


def load_plugins(
    names: Mapping[str, Place],
    installed: Sequence[InstalledPlugin],
    plugin_set: str,
    mode: str,
    tables: PluginTables,
    problems: Problems,
) -> Loaded:
    """Import the plugins called ``names`` and let each say what it offers.

    :param names: where in the plugin set's file each plugin is named
    :param tables: what the file says to each plugin as a whole
    """
    loading = _Loading(plugin_set, mode, tables, SetHooks(), problems)
    registers = []
    for name, place in names.items():
        plugin = _find(name, place, installed, problems)
        register = _load(loading, plugin, place) if plugin else None
        if register is not None:
            registers.append(register)
    return Loaded(tuple(registers), loading.hooks)


def _find(
    name: str, place: Place, installed: Sequence[InstalledPlugin], problems: Problems
) -> InstalledPlugin | None:
    found = [plugin for plugin in installed if plugin.name == name]
    if not found:
        names = sorted({plugin.name for plugin in installed})
        problems.error(
            "plugin-not-installed",
            place,
            f'no installed plugin is called "{name}"{closest(name, names)}',
            f"install it, or name one of: {listed(names)}",
        )
        return None
    if len(found) > 1:
        problems.error(
            "plugin-name-taken",
            place,
            f'several distributions have a plugin called "{name}": '
            + listed(f"{plugin.distribution} ({plugin.module})" for plugin in found),
            "uninstall one of them, or ask its vendor for another name",
        )
        return None
    return found[0]


def _needs_another_version(plugin: InstalledPlugin, place: Place, problems: Problems) -> bool:
    """Does its distribution say that it does not work with this selvbetjening?"""
    # What comes with this selvbetjening works with it.
    is_ours = plugin.distribution == CORE_DISTRIBUTION
    wanted = "" if is_ours else _wanted_version(plugin.entry_point.dist)
    if wanted:
        problems.error(
            "plugin-needs-other-version",
            place,
            f'the plugin "{plugin.name}" ({plugin.distribution} {plugin.version}) needs'
            f" {CORE_DISTRIBUTION} {wanted}, and this is {__version__}",
            f"install a version of {plugin.distribution} that is made for {__version__},"
            " or take the plugin out of the plugin set",
        )
    return bool(wanted)


def _wanted_version(distribution: metadata.Distribution | None) -> str:
    """The versions of selvbetjening that it needs, where this is none of them."""
    for line in (distribution.requires if distribution else None) or ():
        # Nearly all lines are about something else, and packaging takes a while to import.
        if not line.lower().startswith(CORE_DISTRIBUTION):
            continue
        wanted = _specifier(line)
        if wanted is not None and not wanted.contains(__version__, prereleases=True):
            return str(wanted)
    return ""


def _specifier(line: str) -> SpecifierSet | None:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - as above

    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        # pip did not mind, and nor do we.
        return None
    is_meant = requirement.name.lower() == CORE_DISTRIBUTION
    applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    return requirement.specifier if is_meant and applies else None


def _import(plugin: InstalledPlugin, place: Place, problems: Problems) -> ModuleType | None:
    if not plugin.entry_point.pattern.match(plugin.entry_point.value):
        problems.error(
            "plugin-broken",
            place,
            f'the entry point of "{plugin.name}" ({plugin.distribution} {plugin.version})'
            f' names no module: "{plugin.entry_point.value}"',
            "mend it where the plugin is packaged: name = package.module",
        )
        return None
    try:
        module = plugin.entry_point.load()
    except FOREIGN_ERRORS as error:
        problems.error(
            "plugin-broken",
            place,
            f'the plugin "{plugin.name}" ({plugin.module} of {plugin.distribution}'
            f" {plugin.version}) cannot be imported: {said(error)}",
            "install what it lacks, or take it out of the plugin set",
        )
        return None
    if isinstance(module, ModuleType):
        return module
    problems.error(
        "plugin-not-a-module",
        place,
        f'the entry point "{plugin.name}" names {type(module).__name__}, not a module',
        "let the entry point name the module that has the hooks",
    )
    return None


def _is_first(
    at_work: SetHooks,
    plugin: InstalledPlugin,
    module: ModuleType,
    place: Place,
    problems: Problems,
) -> bool:
    other = at_work.name_of(module)
    if other is not None:
        problems.error(
            "plugin-module-taken",
            place,
            f'the plugins "{other}" and "{plugin.name}" are the same module, {plugin.module}',
            "take one of them out; a vendor gives each plugin a module of its own",
        )
    return other is None


def _load(loading: _Loading, plugin: InstalledPlugin, place: Place) -> Register | None:
    """Everything from the import to what the plugin offers; None where it fails somewhere."""
    problems = loading.problems
    if _needs_another_version(plugin, place, problems):
        return None
    module = _import(plugin, place, problems)
    if module is None or not _is_first(loading.hooks, plugin, module, place, problems):
        return None
    if not hooks_are_right(plugin, module, place, problems):
        return None
    context = SetContext(loading.plugin_set, loading.mode, plugin.name, plugin.version)
    register = _registered(loading, module, context, place)
    if register is None:
        loading.hooks.remove(plugin.name)
    return register


def _registered(
    loading: _Loading, module: ModuleType, context: SetContext, place: Place
) -> Register | None:
    try:
        loading.hooks.add(module, context, place)
        settings = loading.tables.read(context.plugin, place, _declared(loading, context.plugin))
        if settings is None:
            return None
        context = dataclasses.replace(context, settings=settings)
        loading.hooks.add(module, context, place)
        register = Register(context)
        loading.hooks.call(context.plugin, "selvbetjening_register", register=register)
    except FOREIGN_ERRORS as error:
        loading.problems.error(
            "plugin-broken",
            place,
            f'the plugin "{context.plugin}" fails to register: {said(error)}',
            "update it, or take it out of the plugin set",
        )
        return None
    return register


def _declared(loading: _Loading, plugin: str) -> tuple[Setting, ...]:
    """The settings of the plugin as a whole.

    :raises TypeError: they are none
    """
    found = [
        setting
        for declared in loading.hooks.call(plugin, "selvbetjening_settings")
        for setting in declared
    ]
    for setting in found:
        if not isinstance(setting, Setting):
            raise TypeError(f"selvbetjening_settings must return Setting, not {setting!r}")
        if setting.kind not in SETTING_KINDS:
            raise ValueError(
                f'the setting "{setting.name}" is of the unknown kind "{setting.kind}"'
                f"{closest(setting.kind, SETTING_KINDS)}"
            )
    return tuple(found)
