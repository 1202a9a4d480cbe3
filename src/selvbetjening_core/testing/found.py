"""Finding the kit classes that a distribution brings along."""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from importlib import metadata

from selvbetjening_core import hooks
from selvbetjening_core.files.table import closest, listed

ENTRY_POINT_GROUP = "selvbetjening.conformance"


@dataclass(frozen=True, slots=True)
class KitModule:
    """A module that holds kit classes, and who brings it."""

    name: str
    module: str
    distribution: str = ""
    version: str = ""


def find_kits(name: str) -> tuple[KitModule, ...]:
    """The kit modules of the distribution, plugin or module called ``name``.

    A distribution names them by entry points of the group
    ``selvbetjening.conformance``, called like the plugin that they test.

    :raises LookupError: there are none; the message says what there is
    """
    announced = announced_kits()
    wanted = {name, *_modules_of_plugin(name)}
    found = [
        kit
        for kit in announced
        if wanted & {kit.name, kit.module, kit.module.partition(".")[0]}
        or _normal(kit.distribution) == _normal(name)
    ]
    if found:
        return tuple(found)
    if _is_module(name):
        inside = f"{name}.conformance"
        return (KitModule(name, inside if _is_module(inside) else name),)
    names = sorted({kit.name for kit in announced} | {kit.distribution for kit in announced})
    raise LookupError(
        f'no distribution, plugin or module called "{name}" has a conformance kit'
        f"{closest(name, names)}\nThose that have one: {listed(names)}"
    )


def announced_kits() -> tuple[KitModule, ...]:
    """All kit modules of installed distributions, by name; none is imported."""
    found = {
        point.name: KitModule(
            name=point.name,
            module=point.value.partition(":")[0].strip(),
            distribution=(point.dist.name or "") if point.dist else "",
            version=(point.dist.version or "") if point.dist else "",
        )
        for point in metadata.entry_points(group=ENTRY_POINT_GROUP)
    }
    return tuple(kit for _, kit in sorted(found.items()))


def _modules_of_plugin(name: str) -> set[str]:
    """The top packages of the plugin called ``name``, whose kit may be called otherwise."""
    points = metadata.entry_points(group=hooks.ENTRY_POINT_GROUP, name=name)
    own = {point.name for point in metadata.entry_points(group=ENTRY_POINT_GROUP)}
    return set() if name in own else {point.value.partition(".")[0] for point in points}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
