"""The citizen's web session: kept on the server, valid in one municipality.

The cookie holds a random token and nothing else; the store holds its hash. A
token of one municipality is not known in another, so it opens nothing there.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import re

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.journey.judging import IDLE_LIMIT, LONGEST_SESSION, token_hash
from selvbetjening_core.journey.records import StaffSession, WebSession
from selvbetjening_core.web.staff.place import is_staff_address
from selvbetjening_core.web.tenancy import mount_path

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
PROLONG_AFTER = datetime.timedelta(minutes=1)


def includeme(config: Configurator) -> None:
    """Add ``request.web_session``."""
    config.add_request_method(_web_session, "web_session", reify=True)


def cookie_name(request: Request, name: str) -> str:
    """The name of a cookie of ours at this mount.

    Mounted below a path, it has a mark of that path: a browser sends the cookies
    of ``/`` below it, too, and those of another mount are not ours to read.
    """
    mark = hashlib.sha256(request.mount.encode()).hexdigest()[:8]
    return f"selvbetjening-{name}-{mark}" if request.mount else f"selvbetjening-{name}"


def cookie_path(request: Request) -> str:
    """Where a browser sends our cookies: at this mount and below, as it writes paths."""
    return mount_path(request) or "/"


def session_cookie(request: Request) -> str:
    """The name of the session cookie here."""
    return cookie_name(request, request.municipality.code)


def login_cookie(request: Request) -> str:
    """The name of the short-lived cookie that ties a login to this browser."""
    return cookie_name(request, f"login-{request.municipality.code}")


def session_token(request: Request) -> str:
    """The token in the session cookie; empty where there is none that we could have made."""
    return read_token(request, session_cookie(request))


def login_token(request: Request) -> str:
    """The token in the login cookie; empty where there is none that we could have made."""
    return read_token(request, login_cookie(request))


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its new session, and end the one it had; the login cookie has served."""
    _remove(request)
    set_token(request, response, session_cookie(request), token)
    response.delete_cookie(login_cookie(request), path=cookie_path(request))


def set_login(request: Request, response: Response, token: str) -> None:
    """Tie a login that was begun to this browser. How long it lasts, the store knows."""
    set_token(request, response, login_cookie(request), token)


def can_prolong(session: WebSession | StaffSession) -> bool:
    """Whether doing something makes the login last longer: not beyond the longest there is."""
    return session.created_at + LONGEST_SESSION - session.expires_at > PROLONG_AFTER


def peek_session(request: Request) -> WebSession | None:
    """The session as it is: looking does not make it last longer.

    :raises NotFound: no municipality has this address
    """
    context, token = request.journey, session_token(request)
    if not token:
        return None
    with context.store.transaction(context.code) as work:
        found: WebSession | None = work.sessions.get(token_hash(token), context.now())
    return found


def end_session(request: Request, response: Response) -> None:
    """End the session on the server, then in the browser."""
    _remove(request)
    response.delete_cookie(session_cookie(request), path=cookie_path(request))


def _remove(request: Request) -> None:
    token = session_token(request)
    if token:
        with request.journey.store.transaction(request.journey.code) as work:
            work.sessions.remove(token_hash(token))


def read_token(request: Request, name: str) -> str:
    """The token in a cookie; empty where there is none that we could have made."""
    found = request.cookies.get(name, "")
    return found if _TOKEN.fullmatch(found) else ""


def set_token(request: Request, response: Response, name: str, value: str) -> None:
    """Give the browser a cookie of ours: never read by scripts, never sent by another site."""
    response.set_cookie(
        name,
        value,
        path=cookie_path(request),
        secure=request.scheme == "https",
        httponly=True,
        samesite="Lax",
    )


def _web_session(request: Request) -> WebSession | None:
    if request.municipality is None or is_staff_address(request):
        return None
    token = session_token(request)
    if not token:
        return None
    context = request.journey
    now = context.now()
    with context.store.transaction(context.code) as work:
        session: WebSession | None = work.sessions.get(token_hash(token), now)
        if session is None:
            return None
        until = min(now + IDLE_LIMIT, session.created_at + LONGEST_SESSION)
        if until - session.expires_at <= PROLONG_AFTER:
            return session
        work.sessions.prolong(session.token_hash, until)
    return dataclasses.replace(session, expires_at=until)
