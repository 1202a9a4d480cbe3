"""Every GET of every route, by everybody: nothing in the database is another than before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from csrf_guests import STEP
from csrf_town import CODE, SOLUTION, Town
from csrf_unsafe import KNOWN, KNOWN_TO_GUESTS, LOG, guest_of
from csrf_window import Window

_STEP = f"/{SOLUTION}/trin/person"

WAYS_IN = {
    "message": "a login comes back here, and messages come in: each used once, by its own proof",
    "payment-return": "the browser is back from paying: the provider is asked what is true",
}
"""Routes whose GET may change something, and why."""


def changes(town: Town, mount: str, host: str) -> Iterator[str]:
    """What was changed by looking, in words."""
    citizen, staff = town.window(CODE, mount, host), town.window(CODE, mount, host)
    citizen.log_in("kirsten")
    citizen.post(_STEP, holder="self")
    staff.log_in_staff()
    guest = guest_of(town, mount, host).window
    actors = {"nobody": town.window(CODE, mount, host), "a citizen": citizen, "staff": staff}
    for who, window in actors.items():
        for route, path in looked_at(town):
            yield from _changed(town, window, f"{who} at {route}", path)
    for route, path in looked_at(town, KNOWN_TO_GUESTS):
        yield from _changed(town, guest, f"a guest at {route}", path)
    homes = {"a citizen": (citizen, _STEP), "staff": (staff, "/-/drift"), "a guest": (guest, STEP)}
    for who, (window, home) in homes.items():
        if window.send("GET", home).status_int != 200:
            yield f"{who} is logged out by looking at every page"


def looked_at(town: Town, known: Mapping[str, str] = KNOWN) -> list[tuple[str, str]]:
    """Every route that answers GET, but for the ways in, with a path."""
    routes = {}
    for view in town.views:
        methods = view["request_methods"] or ("GET",)
        name = view["route_name"]
        if "GET" in ((methods,) if isinstance(methods, str) else methods) and name not in WAYS_IN:
            routes[name] = town.path_of(name, **known)
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
