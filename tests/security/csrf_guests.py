"""Sessions of those who do not log in, over their whole life."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Iterator

from csrf_town import CODE, GUESTS, SOLUTION, Town
from csrf_window import Window

SESSION = f"__Host-selvbetjening-guest-{CODE}"
HOME, STEP = f"/{GUESTS}", f"/{GUESTS}/trin/place"
ROAD = "Prøvevej ved brønden"
_CITIZEN = f"__Host-selvbetjening-{CODE}"
_CITIZENS_STEP = f"/{SOLUTION}/trin/person"
_RESUME, _LEAVE = f"/{GUESTS}/fortsaet", f"/-/uden-login/{GUESTS}/slut"
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")
_LIMIT = datetime.timedelta(minutes=30)
_MOMENT = datetime.timedelta(seconds=30)


def begin(window: Window) -> None:
    """Start, without saying who one is: the first step is shown."""
    window.get(HOME)
    window.post(f"/{GUESTS}/start")
    assert window.path == STEP, f"beginning led to {window.path}: {window.page.status}"


def leave_with_code(window: Window) -> str:
    """Answer the first question and save: the code that opens it elsewhere."""
    window.get(STEP)
    page = window.post(STEP, road=ROAD, _leave="1")
    found = _CODE.search(page.text)
    assert found is not None, f"no code on {window.path}: {page.status}"
    return found.group()


def enter(window: Window, code: str) -> None:
    """Type the code in this window."""
    window.get(_RESUME)
    window.post(_RESUME, code=code)


def guests(town: Town) -> Iterator[str]:
    """A guest's session is made by us, ended by us, and worth nothing to anybody else."""
    yield from _planted(town)
    yield from _resumed(town)
    yield from _left(town)
    yield from _apart(town)
    yield from _limited(town)


def _planted(town: Town) -> Iterator[str]:
    window, planted = town.window(), secrets.token_urlsafe(32)
    window.jar.kept[SESSION] = planted
    begin(window)
    if window.jar.kept.get(SESSION) == planted or _opens(window, SESSION, planted):
        yield "a planted session id is kept when a guest begins"


def _resumed(town: Town) -> Iterator[str]:
    first, second = town.window(), town.window()
    begin(first)
    code = leave_with_code(first)
    begin(second)
    old, old_token = second.jar.kept[SESSION], second.token
    enter(second, code)
    if ROAD not in second.send("GET", STEP).text:
        yield "a code does not open what was saved: nothing is proven"
    second.get(HOME)
    if second.jar.kept[SESSION] == old or second.token in ("", old_token):
        yield "a code leaves the id or the token as it was"
    if _opens(second, SESSION, old):
        yield "the id of before the code opens pages"
    if ROAD in first.send("GET", STEP).text:
        yield "what a code has moved still opens where it was begun"


def _left(town: Town) -> Iterator[str]:
    window = town.window()
    begin(window)
    other, old, token = window.another(), window.jar.kept[SESSION], window.token
    if not _opens(other, SESSION, old):
        yield "a guest's own cookie opens nothing: nothing is proven"
    window.post(_LEAVE)
    if SESSION in window.jar.kept:
        yield "the cookie is kept after a guest has finished"
    if _opens(window, SESSION, old):
        yield "the session opens pages after a guest has finished"
    if window.send("POST", f"{HOME}/start", {"csrf_token": token}).status_int != 403:
        yield "the token is taken after a guest has finished"


def _apart(town: Town) -> Iterator[str]:
    """A guest is no citizen, nor is a citizen a guest; one browser may be both."""
    window = town.window()
    window.log_in("kirsten")
    begin(window)
    guest, citizen = window.jar.kept[SESSION], window.jar.kept[_CITIZEN]
    if not _opens(window, _CITIZEN, citizen, _CITIZENS_STEP):
        yield "a citizen is logged out by beginning as a guest"
    if _opens(window, _CITIZEN, guest, _CITIZENS_STEP):
        yield "a guest's session opens a citizen's page"
    if _opens(window, SESSION, citizen):
        yield "a citizen's session opens a guest's page"
    window.get(STEP)
    sent = {"csrf_token": window.token, "holder": "self"}
    if window.send("POST", _CITIZENS_STEP, sent).status_int != 403:
        yield "a guest's token is taken on a citizen's page"


def _limited(town: Town) -> Iterator[str]:
    for late, is_open in ((_LIMIT - _MOMENT, True), (_LIMIT + _MOMENT, False)):
        window = town.window()
        begin(window)
        town.clock.ahead = late
        opened = _opens(window, SESSION, window.jar.kept[SESSION])
        town.clock.ahead = datetime.timedelta()
        if opened != is_open:
            yield f"a guest is {'out' if is_open else 'in'} after {late} without use"


def _opens(window: Window, name: str, token: str, path: str = STEP) -> bool:
    """Does this cookie alone open the page?"""
    return window.send("GET", path, cookies={name: token}).status_int == 200
