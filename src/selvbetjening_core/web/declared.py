"""Does every view say who may use it?

A view that declares nothing is for nobody (see :mod:`selvbetjening_core.web.policy`);
it is also a mistake, and the site does not start with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyramid.config.views import isexception
from pyramid.registry import Registry

from selvbetjening_core.problems import Place, Problems
from selvbetjening_core.values import AssuranceLevel
from selvbetjening_core.web.policy import CITIZEN, PERMISSIONS, PUBLIC, LevelOf

_ADVICE = (
    'declare both: config.add_view(..., permission="citizen", level=AssuranceLevel.SUBSTANTIAL),'
    " or permission=NO_PERMISSION_REQUIRED alone where anybody may use it"
)


def report_undeclared(registry: Registry, problems: Problems) -> None:
    """Report every view that does not say who may use it, with file and line."""
    for place, told in undeclared(registry):
        problems.error("view-undeclared", place, told, _ADVICE)


def undeclared(registry: Registry) -> Iterator[tuple[Place, str]]:
    """Where each such view was added, and what it leaves out. Pages about errors are for all."""
    for one in registry.introspector.get_category("views"):
        view = one["introspectable"]
        if view["exception_only"] or isexception(view["context"]):
            continue
        fault = _fault(permission_of(one), view.get("level"), _pattern(one))
        if fault:
            yield _place(view), f'the view "{view.title}" {fault}'


def permission_of(view: Mapping[str, Any]) -> str | None:
    """The permission that a view declares, from Pyramid's introspection; None: it does not."""
    found = (one["value"] for one in view["related"] if one.category_name == "permissions")
    permission: str | None = next(found, None)
    return permission


def _fault(permission: str | None, level: object, pattern: str) -> str:
    """What is wrong with a declaration, in words; empty: nothing."""
    if permission is None:
        return "does not declare its permission"
    if permission not in PERMISSIONS:
        named = ", ".join(f'"{one}"' for one in sorted(PERMISSIONS - {PUBLIC}))
        return f'declares the permission "{permission}", which nobody has; there are {named}'
    if permission != CITIZEN:
        return "declares a level, and is not for citizens" if level is not None else ""
    if not isinstance(level, AssuranceLevel) and level not in set(LevelOf):
        return "is for citizens and does not declare its least assurance level"
    return _unfindable(level, pattern)


def _unfindable(level: object, pattern: str) -> str:
    """What a level is taken from that is not in the address, in words; empty: nothing."""
    if level == LevelOf.CASE or isinstance(level, AssuranceLevel):
        return ""
    if "{solution}" not in pattern:
        return "takes its level from the solution, and none is in its address"
    if level == LevelOf.STEP and "{step}" not in pattern:
        return "takes its level from the step, and none is in its address"
    return ""


def _pattern(view: Mapping[str, Any]) -> str:
    found = (one["pattern"] for one in view["related"] if one.category_name == "routes")
    return next(found, "")


def _place(view: Any) -> Place:
    info = view.action_info
    return Place(Path(info.file), info.line or 0)
