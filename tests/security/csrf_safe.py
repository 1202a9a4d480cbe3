"""Every GET of every route, by everybody: nothing in the database is another than before."""

from __future__ import annotations

from collections.abc import Iterator

from csrf_town import CODE, SOLUTION, Town
from csrf_unsafe import KNOWN, LOG
from csrf_window import Window

WAYS_IN = {
    "message": "a login comes back here, and messages come in: each used once, by its own proof",
    "payment-return": "the browser is back from paying: the provider is asked what is true",
}
"""Routes whose GET may change something, and why."""


def changes(town: Town, mount: str, host: str) -> Iterator[str]:
    """What was changed by looking, in words."""
    citizen, staff = town.window(CODE, mount, host), town.window(CODE, mount, host)
    citizen.log_in("kirsten")
    citizen.post(f"/{SOLUTION}/trin/person", holder="self")
    staff.log_in_staff()
    actors = {"nobody": town.window(CODE, mount, host), "a citizen": citizen, "staff": staff}
    for who, window in actors.items():
        for route, path in looked_at(town):
            yield from _changed(town, window, f"{who} at {route}", path)
    for who, window in (("a citizen", citizen), ("staff", staff)):
        if window.send("GET", "/-/drift" if who == "staff" else f"/{SOLUTION}").status_int != 200:
            yield f"{who} is logged out by looking at every page"


def looked_at(town: Town) -> list[tuple[str, str]]:
    """Every route that answers GET, but for the ways in, with a path."""
    routes = {}
    for view in town.views:
        methods = view["request_methods"] or ("GET",)
        name = view["route_name"]
        if "GET" in ((methods,) if isinstance(methods, str) else methods) and name not in WAYS_IN:
            routes[name] = town.path_of(name, **KNOWN)
    return sorted(routes.items())


def _changed(town: Town, window: Window, who: str, path: str) -> Iterator[str]:
    for method in ("GET", "HEAD"):
        before = town.rows()
        window.send(method, path)
        after = town.rows()
        for table, rows in after.items():
            lost, new = before[table] - rows, rows - before[table]
            if lost or (new and table != LOG):
                yield f"{who}: {method} changes {table}"
