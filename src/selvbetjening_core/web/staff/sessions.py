"""The session of a member of staff: as a citizen's, in a cookie and a table of its own."""

from __future__ import annotations

import dataclasses

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import NotAllowed
from selvbetjening_core.journey.judging import IDLE_LIMIT, LONGEST_SESSION, token_hash
from selvbetjening_core.journey.records import StaffSession
from selvbetjening_core.values import Staff
from selvbetjening_core.web.sessions import (
    PROLONG_AFTER,
    cookie_name,
    cookie_path,
    read_token,
    set_token,
)
from selvbetjening_core.web.staff.place import is_staff_address


def includeme(config: Configurator) -> None:
    """Add ``request.staff_session``."""
    config.add_request_method(_staff_session, "staff_session", reify=True)


def staff_of(request: Request) -> Staff:
    """Who is logged in.

    :raises NotAllowed: nobody is
    """
    session: StaffSession | None = request.staff_session
    if session is None:
        raise NotAllowed("staff_forbidden")
    return session.staff


def login_token(request: Request) -> str:
    """The token that ties a login to this browser; empty where there is none."""
    return read_token(request, _login_cookie(request))


def set_login(request: Request, response: Response, token: str) -> None:
    """Tie a login that was begun to this browser. How long it lasts, the store knows."""
    set_token(request, response, _login_cookie(request), token)


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its new session, and end the one it had; the login cookie has served."""
    _remove(request)
    set_token(request, response, _session_cookie(request), token)
    response.delete_cookie(_login_cookie(request), path=cookie_path(request))


def end_session(request: Request, response: Response) -> None:
    """End the session on the server, then in the browser."""
    _remove(request)
    response.delete_cookie(_session_cookie(request), path=cookie_path(request))


def peek_session(request: Request) -> StaffSession | None:
    """The session as it is: looking does not make it last longer."""
    context, token = request.journey, read_token(request, _session_cookie(request))
    if not token:
        return None
    with context.store.transaction(context.code) as work:
        found: StaffSession | None = work.staff_sessions.get(token_hash(token), context.now())
    return found


def _session_cookie(request: Request) -> str:
    return cookie_name(request, f"staff-{request.municipality.code}")


def _login_cookie(request: Request) -> str:
    return cookie_name(request, f"login-staff-{request.municipality.code}")


def _remove(request: Request) -> None:
    token = read_token(request, _session_cookie(request))
    if token:
        with request.journey.store.transaction(request.journey.code) as work:
            work.staff_sessions.remove(token_hash(token))


def _staff_session(request: Request) -> StaffSession | None:
    """The session on a page for staff. On all other pages there is none."""
    if request.municipality is None or not is_staff_address(request):
        return None
    token = read_token(request, _session_cookie(request))
    if not token:
        return None
    context = request.journey
    now = context.now()
    with context.store.transaction(context.code) as work:
        session: StaffSession | None = work.staff_sessions.get(token_hash(token), now)
        if session is None:
            return None
        until = min(now + IDLE_LIMIT, session.created_at + LONGEST_SESSION)
        if until - session.expires_at <= PROLONG_AFTER:
            return session
        work.staff_sessions.prolong(session.token_hash, until)
    return dataclasses.replace(session, expires_at=until)
