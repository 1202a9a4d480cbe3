"""Logins over their whole life: each check says in words what is not as it must be."""

from __future__ import annotations

import contextlib
import datetime
import secrets
from collections.abc import Callable, Iterator, Mapping

from csrf_guests import guests
from csrf_town import CODE, OTHER, SOLUTION, SURER, Town
from csrf_window import Window

from selvbetjening_core.journey.judging import token_hash

Check = Callable[[Town], Iterator[str]]

PERSON = "Kirsten"
_STEP = f"/{SOLUTION}/trin/person"
_SESSION, _STAFF_SESSION = f"__Host-selvbetjening-{CODE}", f"__Host-selvbetjening-staff-{CODE}"
_LIMITS = {"substantial": (30, 8 * 60), "high": (15, 60)}
"""Minutes without use, and minutes in all, as they are documented."""
_MINUTE = datetime.timedelta(minutes=1)


def held(window: Window, name: str) -> str:
    """The value of a cookie. :raises AssertionError: the browser has none of this name"""
    assert name in window.jar.kept, f"there is no cookie {name}"
    return window.jar.kept[name]


def opens(window: Window, path: str = _STEP) -> bool:
    """Does this browser get a citizen's page, without anything said of logging in?"""
    return window.send("GET", path).status_int == 200


def opens_with(window: Window, name: str, token: str, path: str = _STEP) -> bool:
    """The same, with nothing but this cookie."""
    return window.send("GET", path, cookies={name: token}).status_int == 200


def fixation(town: Town) -> Iterator[str]:
    """A cookie that somebody planted before the login is worth nothing after it."""
    planted = secrets.token_urlsafe(32)
    victim = town.window()
    victim.jar.kept[_SESSION] = planted
    victim.log_in("kirsten")
    if not opens(victim):
        yield "a planted cookie keeps one from logging in"
    if held(victim, _SESSION) == planted or opens_with(victim, _SESSION, planted):
        yield "a planted session id is kept at the login"
    attacker, over = town.window(), town.window()
    attacker.log_in("anders")
    over.jar.kept[_SESSION] = held(attacker, _SESSION)
    over.step_up("kirsten", "high", SURER)
    if not opens(over) or held(over, _SESSION) == held(attacker, _SESSION):
        yield "a login over the attacker's own session takes its id"
    if opens(attacker):
        yield "the session that a login took the place of still opens pages"


def stepping_up(town: Town) -> Iterator[str]:
    """A login while logged in gives a new id and token; the old are dead at once."""
    window = town.window()
    window.log_in("kirsten")
    other = window.another()
    old, old_token = held(window, _SESSION), window.token
    before = _count(town)
    window.step_up("kirsten", "high", SURER)
    if held(window, _SESSION) == old:
        yield "the id is the same after stepping up"
    window.get(f"/{SOLUTION}")
    if window.token == old_token:
        yield "the CSRF token is the same after stepping up"
    if opens_with(window, _SESSION, old):
        yield "the old id opens pages after stepping up"
    if _count(town) != before:
        yield "the old session is still in the store after stepping up"
    if not opens(other):
        yield "the other window is logged out by stepping up"


def logging_out(town: Town) -> Iterator[str]:
    """It ends on the server, in every window, and leaves nothing to go back to."""
    window = town.window()
    window.get(f"/{SOLUTION}")
    first = window.token
    window.log_in("kirsten")
    another = window.another()
    another.get(_STEP)
    old, token = held(window, _SESSION), another.token
    away = window.post("/-/log-af")
    page = window.get("/-/logget-af")
    if (away.status_int, page.status_int) != (200, 200) or PERSON in page.text:
        yield f"logging out: {away.status_int}, {page.status_int}, or who was logged in is shown"
    if _SESSION in window.jar.kept:
        yield "the cookie is kept after logging out"
    if opens_with(window, _SESSION, old):
        yield "the session opens pages after logging out"
    if _row(town, old):
        yield "the session is in the store after logging out"
    if opens(another) or PERSON in another.get(f"/{SOLUTION}").text:
        yield "another window is logged in after logging out"
    yield from _tokens_after(another, {"the session's": token, "the first": first})


def _tokens_after(window: Window, tokens: Mapping[str, str]) -> Iterator[str]:
    """Forms are another's now: whoever sits down at the same browser."""
    if window.token in ("", *tokens.values()):
        yield "the forms after logging out have a token from before"
    for name, token in tokens.items():
        fields = {"csrf_token": token}
        if window.send("POST", f"/{SOLUTION}/start", fields).status_int != 403:
            yield f"{name} token is taken after logging out"


def two_tabs(town: Town) -> Iterator[str]:
    """Two windows of one browser are one login; a form of before it is not taken."""
    first = town.window()
    first.get(f"/{SOLUTION}")
    second = first.another()
    second.get(f"/{SOLUTION}")
    first.log_in("kirsten")
    sent = second.post(f"/{SOLUTION}/start")
    if sent.status_int != 403:
        yield "a form from before the login is taken after it"
    second.get(_STEP)
    if not opens(second) or not second.token:
        yield "the second window is not logged in"
    if second.post(_STEP, holder="self").status_int != 200:
        yield "the second window cannot send its form"
    status = first.send("GET", "/-/login").json["seconds"]
    if status <= 0:
        yield "the first window is told that it is logged out"


def back_button(town: Town) -> Iterator[str]:
    """No page that shows a person may be kept by the browser, whatever its status."""
    window = town.window()
    window.log_in("kirsten")
    staff = town.window()
    staff.log_in_staff()
    shown = 0
    pages = [(window, path) for path in ("/", f"/{SOLUTION}", _STEP, "/nowhere", "/-/login")]
    pages += [(staff, path) for path in ("/-/drift", "/-/drift/leveringer", "/-/drift/login")]
    for one, path in pages:
        page = one.send("GET", path)
        shown += PERSON in page.text
        if "no-store" not in page.headers.get("Cache-Control", ""):
            yield f"{path} may be kept: {page.headers.get('Cache-Control')}"
    if shown < len(pages) - 2:
        yield f"only {shown} of the pages show who is logged in: nothing is proven by them"


def limits(town: Town) -> Iterator[str]:
    """A login ends without use, and at the latest; sooner the surer it is."""
    for level, (idle, longest) in _LIMITS.items():
        yield from _limits_of(town, level, idle, longest)
    staff = town.window()
    staff.log_in_staff()
    with _later(town, 30 * _MINUTE - _MINUTE / 2):
        if not opens(staff, "/-/drift"):
            yield "staff: logged out too early"
    # That look has prolonged it.
    with _later(town, 60 * _MINUTE):
        if opens(staff, "/-/drift"):
            yield "staff: logged in too long without use"


def _limits_of(town: Town, level: str, idle: int, longest: int) -> Iterator[str]:
    window = town.window()
    window.log_in("kirsten", level)
    for minutes in range(idle - 1, longest, idle - 1):
        with _later(town, minutes * _MINUTE):
            if not opens(window):
                yield f"{level}: logged out after {minutes} minutes with use"
                return
    with _later(town, longest * _MINUTE):
        if opens(window):
            yield f"{level}: logged in for more than {longest} minutes"
    window = town.window()
    window.log_in("kirsten", level)
    with _later(town, idle * _MINUTE):
        if opens(window):
            yield f"{level}: logged in after {idle} minutes without use"


def municipalities(town: Town) -> Iterator[str]:
    """A login is of one municipality, whatever the cookie is called."""
    window, elsewhere = town.window(), town.window(OTHER)
    window.log_in("kirsten")
    elsewhere.log_in("kirsten")
    token = held(window, _SESSION)
    for code, one in ((OTHER, elsewhere), (CODE, window)):
        own = held(one, f"__Host-selvbetjening-{code}")
        theirs = token if code == OTHER else held(elsewhere, f"__Host-selvbetjening-{OTHER}")
        if not opens_with(one, f"__Host-selvbetjening-{code}", own):
            yield f"{code}: its own cookie opens nothing: nothing is proven"
        if opens_with(one, f"__Host-selvbetjening-{code}", theirs):
            yield f"a session of another municipality is valid in {code}"


def mounts(town: Town) -> Iterator[str]:
    """Mounts of one host get all of its cookies, and read none but their own."""
    jar_of = {}
    for mount, code in (("/mors", CODE), ("/aarhus", OTHER)):
        jar_of[mount] = town.window(code, mount, "localhost")
        jar_of[mount].log_in("kirsten")
    root = town.window()
    root.log_in("kirsten")
    for mount, window in jar_of.items():
        others = dict(root.jar.kept)
        for other in (one for one in jar_of if one != mount):
            others |= jar_of[other].jar.kept
        if set(others) & set(window.jar.kept):
            yield f"{mount}: a cookie is called as another mount's"
        if not opens(window):
            yield f"{mount}: its own cookie opens nothing: nothing is proven"
        if window.send("GET", _STEP, cookies=others).status_int == 200:
            yield f"{mount}: the cookies of other mounts are read"


def staff_and_citizens(town: Town) -> Iterator[str]:
    """One browser may have both logins; neither is worth anything to the other."""
    window = town.window()
    window.log_in_staff()
    if opens(window) or PERSON in window.get(f"/{SOLUTION}").text:
        yield "a login of staff shows on a citizen's page"
    window.log_in("anders")
    staff, citizen = held(window, _STAFF_SESSION), held(window, _SESSION)
    if staff == citizen or opens_with(window, _SESSION, staff):
        yield "a staff session opens a citizen's page"
    if opens_with(window, _STAFF_SESSION, citizen, "/-/drift"):
        yield "a citizen's session opens a page for staff"
    both = window.send("GET", "/-/drift").text
    if "Anders" in both:
        yield "a page for staff shows the citizen"
    window.get(_STEP)
    fields = {"csrf_token": window.token}
    if window.send("POST", "/-/drift/modtager/post/start", fields).status_int != 403:
        yield "a citizen's token is taken on a page for staff"
    window.get("/-/drift/levering/refused/proev-igen")
    fields = {"csrf_token": window.token, "holder": "self"}
    if window.send("POST", _STEP, fields).status_int != 403:
        yield "a token of staff is taken on a citizen's page"


def cookies(town: Town) -> Iterator[str]:
    """Every cookie that was ever sent in this run; and none where a page has no form."""
    found = [one for window in town.windows for one in window.jar.sent]
    if len(found) < 40 or not any(one.attributes.get("max-age") == "0" for one in found):
        yield f"only {len(found)} cookies were sent: nothing is proven"
    bad = {f"{one.name}: {told}" for one in found for told in _faults(one.name, one.attributes)}
    yield from sorted(bad)
    nobody = town.window()
    for path in ("/", "/-/static/session.js", "/-/health", "/-/login", "/nowhere", "/was"):
        nobody.send("GET", path)
        if nobody.jar.sent:
            yield f"{path} has no form, and gives a cookie"
            nobody.jar.sent.clear()


def _faults(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    if not name.startswith("__Host-selvbetjening-"):
        yield "without __Host-"
    if not {"secure", "httponly"} <= set(attributes):
        yield "not both Secure and HttpOnly"
    if attributes.get("samesite", "").lower() != "lax":
        yield "without SameSite=Lax"
    if attributes.get("path") != "/" or "domain" in attributes:
        yield "for another place than this host"
    if attributes.get("max-age", "0") != "0":
        yield "kept when the browser is closed"


@contextlib.contextmanager
def _later(town: Town, amount: datetime.timedelta) -> Iterator[None]:
    """For a moment it is later."""
    town.clock.ahead = amount
    yield
    town.clock.ahead = datetime.timedelta()


def _count(town: Town) -> int:
    return len(town.rows()["web_session"])


def _row(town: Town, token: str) -> bool:
    return any(token_hash(token) in row for row in town.rows()["web_session"])


def told(check: Check, town: Town) -> list[str]:
    """What a check finds wrong; what keeps it from looking is wrong, too."""
    try:
        return list(check(town))
    except AssertionError as error:
        return [f"cannot be checked: {error}"[:200]]


CHECKS: dict[str, Check] = {
    "fixation": fixation,
    "stepping up": stepping_up,
    "logging out": logging_out,
    "two tabs": two_tabs,
    "back button": back_button,
    "limits": limits,
    "municipalities": municipalities,
    "mounts": mounts,
    "staff and citizens": staff_and_citizens,
    "guests": guests,
    "cookies": cookies,
}
"""In this order: the last looks at what the others were sent."""
