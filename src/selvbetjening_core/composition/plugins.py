"""Finding installed plugins, and importing those that a plugin set names."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from types import ModuleType

import pluggy

from selvbetjening_core import hooks
from selvbetjening_core.composition.register import Register, SetContext
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Place, Problems

_MARKER = f"{hooks.PROJECT}_impl"
_HOOK_NAMES = tuple(
    name
    for name, member in vars(hooks).items()
    if name.startswith(f"{hooks.PROJECT}_") and inspect.isfunction(member)
)


@dataclass(frozen=True, slots=True)
class InstalledPlugin:
    """A plugin as its distribution announces it; not imported yet."""

    name: str
    module: str
    distribution: str
    version: str
    entry_point: metadata.EntryPoint


def installed_plugins() -> tuple[InstalledPlugin, ...]:
    """All installed plugins by name, none of them imported."""
    found = {
        (point.name, point.value): InstalledPlugin(
            name=point.name,
            # Not point.module, which fails on an entry point that is misspelt.
            module=point.value.partition(":")[0].strip(),
            distribution=(point.dist.name or "") if point.dist else "",
            version=(point.dist.version or "") if point.dist else "",
            entry_point=point,
        )
        for point in metadata.entry_points(group=hooks.ENTRY_POINT_GROUP)
    }
    return tuple(plugin for _, plugin in sorted(found.items()))


def load_plugins(
    names: Mapping[str, Place],
    installed: Sequence[InstalledPlugin],
    plugin_set: str,
    mode: str,
    problems: Problems,
) -> list[Register]:
    """Import the plugins called ``names`` and let each say what it offers.

    :param names: where in the plugin set's file each plugin is named
    """
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    registers: list[Register] = []
    for name, place in names.items():
        plugin = _find(name, place, installed, problems)
        if plugin is None:
            continue
        module = _import(plugin, place, problems)
        if module is None or not _is_first(manager, plugin, module, place, problems):
            continue
        if not _hooks_are_right(plugin, module, place, problems):
            continue
        context = SetContext(plugin_set, mode, plugin.name, plugin.version)
        register = _call(manager, module, context, place, problems)
        if register is not None:
            registers.append(register)
    return registers


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
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a foreign module raises
        problems.error(
            "plugin-broken",
            place,
            f'the plugin "{plugin.name}" ({plugin.module} of {plugin.distribution}'
            f" {plugin.version}) cannot be imported: {_said(error)}",
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


def _said(error: BaseException) -> str:
    """An error of foreign code on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def _is_first(
    manager: pluggy.PluginManager,
    plugin: InstalledPlugin,
    module: ModuleType,
    place: Place,
    problems: Problems,
) -> bool:
    other = manager.get_name(module)
    if other is not None:
        problems.error(
            "plugin-module-taken",
            place,
            f'the plugins "{other}" and "{plugin.name}" are the same module, {plugin.module}',
            "take one of them out; a vendor gives each plugin a module of its own",
        )
    return other is None


def _hooks_are_right(
    plugin: InstalledPlugin, module: ModuleType, place: Place, problems: Problems
) -> bool:
    """Misspelt hooks, and arguments pluggy would not pass or would reject."""
    before = problems.count_errors()
    found = list(_hook_functions(module))
    for name in _unmarked(module):
        problems.error(
            "hook-not-marked",
            Place(place.file, place.line, f"{plugin.module}.{name}"),
            f'the function "{name}" of the plugin "{plugin.name}" looks like a hook and is'
            " not marked as one",
            "put @hookimpl on it, or give it a name that does not begin like a hook's",
        )
    if not found and problems.count_errors() == before:
        problems.error(
            "plugin-without-hooks",
            place,
            f'the plugin "{plugin.name}" ({plugin.module}) implements no hook',
            f"implement one of: {listed(_HOOK_NAMES)}, marked with @hookimpl",
        )
    for name, function in found:
        where = Place(place.file, place.line, f"{plugin.module}.{name}")
        if name not in _HOOK_NAMES:
            problems.error(
                "unknown-hook",
                where,
                f'the plugin "{plugin.name}" implements a hook "{name}", which does not'
                f" exist{closest(name, _HOOK_NAMES)}",
                f"the hooks are: {listed(_HOOK_NAMES)}",
            )
            continue
        _check_arguments(plugin, name, function, where, problems)
    return problems.count_errors() == before


def _hook_functions(module: ModuleType) -> Iterator[tuple[str, object]]:
    for name, member in vars(module).items():
        options = getattr(member, _MARKER, None) if inspect.isroutine(member) else None
        if isinstance(options, dict):
            yield options.get("specname") or name, member


def _unmarked(module: ModuleType) -> Iterator[str]:
    for name, member in vars(module).items():
        is_own = inspect.isfunction(member) and member.__module__ == module.__name__
        if is_own and name.startswith(f"{hooks.PROJECT}_") and not hasattr(member, _MARKER):
            yield name


def _check_arguments(
    plugin: InstalledPlugin, name: str, function: object, where: Place, problems: Problems
) -> None:
    known = inspect.signature(getattr(hooks, name)).parameters
    for argument in inspect.signature(function).parameters.values():  # type: ignore[arg-type]
        if argument.name not in known:
            problems.error(
                "unknown-hook-argument",
                where,
                f'the hook "{name}" of "{plugin.name}" asks for "{argument.name}", which it'
                f" is never given{closest(argument.name, known)}",
                f"its arguments are: {listed(known)}",
            )
        elif argument.default is not inspect.Parameter.empty:
            problems.error(
                "hook-argument-default",
                where,
                f'the argument "{argument.name}" of "{name}" in "{plugin.name}" has a default',
                "take the default away: an argument with one is silently never passed",
            )


def _call(
    manager: pluggy.PluginManager,
    module: ModuleType,
    context: SetContext,
    place: Place,
    problems: Problems,
) -> Register | None:
    register = Register(context)
    try:
        manager.register(module, name=context.plugin)
        others = [other for other in manager.get_plugins() if other is not module]
        hook = manager.subset_hook_caller("selvbetjening_register", others)
        hook(register=register, context=context)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a foreign hook raises
        problems.error(
            "plugin-broken",
            place,
            f'the plugin "{context.plugin}" fails to register: {_said(error)}',
            "update it, or take it out of the plugin set",
        )
        return None
    return register
