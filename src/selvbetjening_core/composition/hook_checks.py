"""Are a module's hooks written so that they will be called?"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from selvbetjening_core import hooks
from selvbetjening_core.files.table import closest, listed
from selvbetjening_core.problems import Place, Problems

if TYPE_CHECKING:
    from selvbetjening_core.composition.plugins import InstalledPlugin

_MARKER = f"{hooks.PROJECT}_impl"

HOOK_NAMES = tuple(
    name
    for name, member in vars(hooks).items()
    if name.startswith(f"{hooks.PROJECT}_") and inspect.isfunction(member)
)
"""Every hook there is."""


def hooks_are_right(
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
            f"implement one of: {listed(HOOK_NAMES)}, marked with @hookimpl",
        )
    for name, function in found:
        where = Place(place.file, place.line, f"{plugin.module}.{name}")
        if name not in HOOK_NAMES:
            problems.error(
                "unknown-hook",
                where,
                f'the plugin "{plugin.name}" implements a hook "{name}", which does not'
                f" exist{closest(name, HOOK_NAMES)}",
                f"the hooks are: {listed(HOOK_NAMES)}",
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
