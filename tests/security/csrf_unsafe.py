"""Every unsafe request to every route, as somebody who must not be able to make it.

An attempt is accepted if the answer says so, or if anything in the database is another
than before. That the attempts reach the views at all is shown beside it: the same
request, sent as our own page sends it, is let in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from csrf_guests import HOME, begin, enter, leave_with_code
from csrf_town import CODE, GUESTS, OTHER, SOLUTION, SURER, Rows, Town
from csrf_window import Window
from webob import Response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
KNOWN = {
    "solution": SOLUTION,
    "step": "person",
    "delivery": "refused",
    "receiver": "post",
    "submission": "s-refused",
    "reason": "inaktiv",
    "payment": "p" * 43,
    "component": "journal",
}
KNOWN_TO_GUESTS = KNOWN | {"solution": GUESTS, "step": "place"}
LOG = "audit"
"""That somebody has looked at something may be written down; nothing else is, by looking."""
_FIELDS = {"holder": "self", "how": "by_hand", "why": "prøve", "sure": "1", "code": "0000"}
_REFUSED = frozenset({400, 403, 404, 405, 413, 415})
_STAFF = "/-/drift"
_FOR_ALL = {"start": f"/{SOLUTION}", "staff-login": f"{_STAFF}/log-ind"}
"""Forms for whoever is not logged in, by the page that has them."""
_ENDS = ("logout", "guest-leave")


@dataclass(frozen=True)
class Attempt:
    """One forged request.

    :param is_page: its answer may be a page like any other, if nothing is changed
    """

    method: str
    fields: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] | None = None
    query: str = ""
    content_type: str = "application/x-www-form-urlencoded"
    is_page: bool = False


@dataclass
class Actor:
    """Somebody logged in, whose browser is made to send things; and what others know.

    :param old: tokens that were good once
    :param foreign: tokens of others
    """

    window: Window
    home: str
    old: Mapping[str, str]
    foreign: Mapping[str, str]

    @property
    def token(self) -> str:
        """The token that is good now."""
        self.window.get(self.home)
        return self.window.token


@dataclass
class Tally:
    """What was tried, and what came of it."""

    attempts: int = 0
    let_in: int = 0
    accepted: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)


def unsafe_views(town: Town) -> list[Any]:
    """Every view that takes an unsafe method and is not for messages from outside."""
    return [
        view for view in town.views if not view.get("from_outside") and not _methods(view) <= SAFE
    ]


def try_all(town: Town, mount: str, host: str) -> Tally:
    """Every unsafe view, every attempt, and then what our own pages send."""
    tally = Tally()
    sent = _sent(town, mount, host)
    for actor, path in sent:
        _try_view(town, actor, path, tally)
    for route, home in _FOR_ALL.items():
        _try_view(town, nobody_of(town, home, mount, host), town.path_of(route, **KNOWN), tally)
    for actor, path in sent:
        if not path.endswith("/nothing"):
            _prove(actor, path, tally)
    return tally


def _sent(town: Town, mount: str, host: str) -> list[tuple[Actor, str]]:
    """Who sends something to which path; what ends somebody's session comes last."""
    citizen, staff = citizen_of(town, mount, host), staff_of(town, mount, host)
    guest = guest_of(town, mount, host)
    found = []
    for route in sorted({view["route_name"] for view in unsafe_views(town)}, key=_place_of):
        path = town.path_of(route, **KNOWN)
        found.append((staff if path.startswith(_STAFF) else citizen, path))
        for_guests = town.path_of(route, **KNOWN_TO_GUESTS)
        if for_guests != path:
            found.append((guest, for_guests))
    return found


def _place_of(route: str) -> tuple[bool, str]:
    return any(end in route for end in _ENDS), route


def citizen_of(town: Town, mount: str = "", host: str = "") -> Actor:
    """One who was nobody first, then logged in, then logged in more surely."""
    window = town.window(CODE, mount, host)
    window.get(f"/{SOLUTION}")
    old = {"before the login": window.token}
    window.log_in("kirsten")
    window.get(f"/{SOLUTION}")
    old["before stepping up"] = window.token
    window.step_up("kirsten", "high", SURER)
    return Actor(window, f"/{SOLUTION}", old, _foreign(town, mount, host))


def guest_of(town: Town, mount: str = "", host: str = "") -> Actor:
    """One who began without login, saved, and went on by the code."""
    window = town.window(CODE, mount, host)
    window.get(HOME)
    old = {"before beginning": window.token}
    begin(window)
    old["before the code"] = window.token
    enter(window, leave_with_code(window))
    return Actor(window, HOME, old, _foreign(town, mount, host))


def staff_of(town: Town, mount: str = "", host: str = "") -> Actor:
    """An operator who was nobody first."""
    window = town.window(CODE, mount, host)
    window.get(f"{_STAFF}/log-ind")
    old = {"before the login": window.token}
    window.log_in_staff()
    return Actor(window, f"{_STAFF}/levering/refused/proev-igen", old, _foreign(town, mount, host))


def nobody_of(town: Town, home: str, mount: str = "", host: str = "") -> Actor:
    """One who is not logged in, and has a page with a form before them."""
    window = town.window(CODE, mount, host)
    window.get(home)
    return Actor(window, home, {}, _foreign(town, mount, host))


def _foreign(town: Town, mount: str, host: str) -> dict[str, str]:
    nobody, other = town.window(CODE, mount, host), town.window(CODE, mount, host)
    nobody.get(f"/{SOLUTION}")
    other.log_in("anders")
    elsewhere = town.window(OTHER)
    elsewhere.log_in("kirsten")
    return {
        "of nobody": nobody.token,
        "of another citizen": other.token,
        "of another municipality": elsewhere.token,
    }


def attempts_with(actor: Actor, good: str) -> Iterator[tuple[str, Attempt]]:
    """Every way to forge a request of this actor, each with a name."""
    fields = _FIELDS | {"csrf_token": good}
    yield "no token", Attempt("POST", _FIELDS)
    yield "an empty token", Attempt("POST", _FIELDS | {"csrf_token": ""})
    yield "a token in the address", Attempt("POST", _FIELDS, query=f"?csrf_token={good}")
    yield "a token in a header", Attempt("POST", _FIELDS, {"X-CSRF-Token": good})
    for name, token in {**actor.old, **actor.foreign}.items():
        yield f"a token {name}", Attempt("POST", _FIELDS | {"csrf_token": token})
    for name, headers in _origins(actor.window).items():
        yield name, Attempt("POST", fields, headers)
    yield "a form that is plain text", Attempt("POST", fields, content_type="text/plain")
    yield "another's cookies", Attempt("POST", fields, cookies={})
    if actor.old:
        logins = [name for name in actor.window.jar.kept if "-form" not in name]
        told = dict.fromkeys(logins, good)
        yield "the token as the session", Attempt("POST", fields, cookies=told)
    for method in ("GET", "HEAD", "OPTIONS"):
        yield f"{method} with a body", Attempt(method, fields, is_page=True)
    override = {"X-HTTP-Method-Override": "POST"}
    yield "GET that says POST", Attempt("GET", fields, override, is_page=True)
    for method in UNSAFE[1:]:
        yield f"{method} without a token", Attempt(method, _FIELDS)


def _origins(window: Window) -> dict[str, Mapping[str, str]]:
    own = f"{window.scheme}://{window.host}"
    return {
        "an origin elsewhere": {"Origin": "https://evil.example"},
        "an origin of nobody": {"Origin": "null"},
        "a neighbour's origin": {"Origin": "https://evil.localhost"},
        "our origin without https": {"Origin": f"http://{window.host}"},
        "our origin at another port": {"Origin": f"{own}:8443"},
        "our name in another's": {"Origin": f"{own}.evil.example"},
        "a page elsewhere": {"Referer": "https://evil.example/page"},
        "a page that names us": {"Referer": f"https://evil.example/{own}"},
        "a page that cannot be read": {"Referer": "https://[evil"},
        "a request across sites": {"Sec-Fetch-Site": "cross-site"},
        "a neighbour's request": {"Sec-Fetch-Site": "same-site", "Origin": own},
    }


def _try_view(town: Town, actor: Actor, path: str, tally: Tally) -> None:
    good = actor.token
    before = town.rows()
    for name, attempt in attempts_with(actor, good):
        response = _send(actor.window, path, attempt)
        after = town.rows()
        tally.attempts += 1
        changed = sorted(table for table in after if _is_changed(table, before, after, attempt))
        if changed or not (attempt.is_page or response.status_int in _REFUSED):
            told = f"{path}: {name}: {response.status_int}"
            tally.accepted.append(f"{told}, changed {changed}" if changed else told)
        before = after


def _is_changed(table: str, before: Rows, after: Rows, attempt: Attempt) -> bool:
    if table == LOG and attempt.is_page:
        return not before[table] <= after[table]
    return before[table] != after[table]


def _send(window: Window, path: str, attempt: Attempt) -> Response:
    return window.send(
        attempt.method,
        path + attempt.query,
        attempt.fields,
        attempt.headers,
        cookies=attempt.cookies,
        content_type=attempt.content_type,
    )


def _prove(actor: Actor, path: str, tally: Tally) -> None:
    """Sent as our page sends it, the request reaches the view."""
    origin = {"Origin": f"{actor.window.scheme}://{actor.window.host}"}
    fields = _FIELDS | {"csrf_token": actor.token}
    response = actor.window.send("POST", path, fields, origin)
    if response.status_int in _REFUSED - {404}:
        tally.unproven.append(f"{path}: a form of our own: {response.status_int}")
    else:
        tally.let_in += 1


def _methods(view: Any) -> set[str]:
    given = view["request_methods"]
    if not given:
        return set(UNSAFE)
    return {given} if isinstance(given, str) else set(given)
