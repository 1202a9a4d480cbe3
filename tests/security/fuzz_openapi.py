"""The site as an OpenAPI description: from the router, and from the steps of a solution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from routes import Route, routes_of

from selvbetjening_core.definitions.model import Field, Solution

_FORM = "application/x-www-form-urlencoded"
_TEXT = {"type": "string"}
_QUERY = ("ret", "gjort", "modtager")
"""What pages read of an address, and what they do not."""
_NAMES: Mapping[str, list[str]] = {
    "component": ["card", "login", "staff", "journal"],
    "receiver": ["journal", "post"],
    "reason": ["inaktiv"],
    "path": ["plain.css"],
    "field": ["holder"],
}
_FORMS: Mapping[str, Mapping[str, Any]] = {
    "start": {"again": {"enum": ["1"]}},
    "summary": {"draft": _TEXT, "seen": _TEXT, "seen_ore": {"enum": ["0", "22500"]}},
    "payment": {"draft": _TEXT, "action": {"enum": ["check", "continue", "give_up"]}},
    "staff-find": {"number": _TEXT},
    "staff-help": {"code": _TEXT},
    "staff-retry": {"asked": {"enum": ["1"]}, "looked": {"enum": ["1"]}, "seen": _TEXT},
    "staff-rebind": {"receiver": {"enum": ["post", "journal"]}, "looked": {"enum": ["1"]}},
    "staff-waive": {"why": _TEXT, "as": _TEXT, "looked": {"enum": ["1"]}},
    "staff-pause": {"why": _TEXT},
}


def describe(registry: Any, solution: Solution) -> dict[str, Any]:
    """Every route and method; the step of a solution is a route for each of its steps."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes_of(registry):
        for path, form in _addresses(route, solution):
            for method in sorted(route.methods):
                operation = _operation(route, path, method, form, solution)
                paths.setdefault(path, {})[method.lower()] = operation
    return {
        "openapi": "3.0.3",
        "info": {"title": "selvbetjening", "version": solution.version},
        "paths": paths,
    }


def _addresses(route: Route, solution: Solution) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if route.name == "step":
        for step in solution.steps:
            own = {field.name: _schema(field) for field in step.fields}
            form = {**own, "draft": _TEXT, "version": _TEXT, "_saved": _TEXT}
            yield route.template.replace("{step}", step.name), form
    yield route.template, _FORMS.get(route.name, {})


def _operation(
    route: Route, path: str, method: str, form: Mapping[str, Any], solution: Solution
) -> dict[str, Any]:
    names = [name for name in route.placeholders if f"{{{name}}}" in path]
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _name_schema(name, solution)}
        for name in names
    ]
    parameters += [{"name": name, "in": "query", "schema": _TEXT} for name in _QUERY]
    operation: dict[str, Any] = {
        "operationId": f"{method} {path}",
        "parameters": parameters,
        "responses": {"default": {"description": "a page"}},
    }
    if method == "POST":
        schema = {"type": "object", "properties": {**form}, "required": sorted(form)}
        operation["requestBody"] = {"required": True, "content": {_FORM: {"schema": schema}}}
    return operation


def _name_schema(name: str, solution: Solution) -> dict[str, Any]:
    known = {**_NAMES, "solution": [solution.name], "step": [one.name for one in solution.steps]}
    return {"type": "string", "enum": known[name]} if name in known else _TEXT


def _schema(field: Field) -> dict[str, Any]:
    """What a field of a form may hold, as the definition says."""
    if field.options:
        return {"type": "string", "enum": [option.value for option in field.options]}
    fixed = {
        "yes_no": ["yes", "no"],
        "consent": ["true"],
        "person": ["self", "child-1", "child-2", "child-4"],
    }
    return {"type": "string", "enum": fixed[field.kind]} if field.kind in fixed else _TEXT
