"""The routes of a router, as Pyramid's introspection tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_ANY = ("GET", "POST")


@dataclass(frozen=True)
class Route:
    """A route: its pattern, and the methods that have a view (a look ahead is as a look)."""

    name: str
    pattern: str
    methods: frozenset[str]

    @property
    def placeholders(self) -> list[str]:
        """The names in its pattern."""
        parts = self.pattern.replace("*", "{").replace("}", "{").split("{")[1::2]
        return [part.partition(":")[0] for part in parts]

    def path(self, value: Callable[[str], str]) -> str:
        """Its address, with what stands for each name."""
        return self.template.format_map({name: value(name) for name in self.placeholders})

    @property
    def template(self) -> str:
        """Its pattern with every name in plain braces."""
        path = self.pattern
        for name in self.placeholders:
            start = path.index(f"*{name}" if f"*{name}" in path else f"{{{name}")
            end = len(path) if path[start] == "*" else path.index("}", start) + 1
            path = f"{path[:start]}{{{name}}}{path[end:]}"
        return path


def routes_of(registry: Any) -> Iterator[Route]:
    """All of them, with the methods of their views."""
    methods: dict[str, set[str]] = {}
    for one in registry.introspector.get_category("views"):
        view = one["introspectable"]
        if view["route_name"]:
            declared = view["request_methods"] or _ANY
            named = (declared,) if isinstance(declared, str) else declared
            methods.setdefault(view["route_name"], set()).update(named)
    for one in registry.introspector.get_category("routes"):
        route = one["introspectable"]
        found = frozenset(methods.get(route["name"], ())) - {"HEAD"}
        yield Route(route["name"], route["pattern"], found)
