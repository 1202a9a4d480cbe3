"""Bindings of roles that stand where they do not count, because of their heading."""

from __future__ import annotations

from collections.abc import Container

from selvbetjening_core.files import Table
from selvbetjening_core.problems import Place, Problems

_ROLES = "roles"


def names_in(root: Table, key: str) -> tuple[str, ...]:
    """The names in a table, as written, whatever they hold."""
    inner = root.data.get(key)
    return tuple(inner) if isinstance(inner, dict) else ()


def stray_bindings(root: Table, component: Table, declared: Container[str]) -> dict[str, Place]:
    """Bindings that ended in a component, since there is no heading above them.

    :param declared: the settings that the component has
    """
    if _ROLES in root.data or root.misspelt(_ROLES):
        return {}
    components = names_in(root, "component")
    return {
        key: component.place(key)
        for key, value in component.data.items()
        if isinstance(value, str) and value in components
        if key != "plugin" and key not in declared and component.has(key)
    }


def report_missing_heading(first: Place, problems: Problems) -> None:
    """Say once, at the ``first`` stray binding, what all of them lack."""
    problems.error(
        "missing-key",
        first.under(_ROLES),
        "the heading [roles] is missing, so that the roles count as settings",
        "write [roles] in a line of its own above this one",
    )
