"""The session of a member of staff: as a citizen's, in a cookie and a table of its own."""

from __future__ import annotations

import dataclasses

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import NotAllowed
from selvbetjening_core.journey.context import JourneyContext
from selvbetjening_core.journey.judging import token_hash
from selvbetjening_core.journey.records import StaffSession
from selvbetjening_core.journey.visiting_staff import still_serving_here
from selvbetjening_core.values import Staff
from selvbetjening_core.web.cookies import (
    cookie_name,
    form_cookie,
    read_token,
    remove_token,
    set_token,
)
from selvbetjening_core.web.session_use import need_asked
from selvbetjening_core.web.sessions import living, used
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


def session_token(request: Request) -> str:
    """The token in the session cookie; empty where there is none that we could have made."""
    return read_token(request, _session_cookie(request))


def login_token(request: Request) -> str:
    """The token that ties a login to this browser; empty where there is none."""
    return read_token(request, _login_cookie(request))


def set_login(request: Request, response: Response, token: str) -> None:
    """Tie a login that was begun to this browser. How long it lasts, the store knows."""
    set_token(request, response, _login_cookie(request), token)


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its new session. What it had before the login has served."""
    set_token(request, response, _session_cookie(request), token)
    remove_token(request, response, _login_cookie(request))
    remove_token(request, response, form_cookie(request))


def end_session(request: Request, response: Response) -> None:
    """End the session on the server, then in the browser, in all its windows."""
    token = session_token(request)
    if token:
        with request.journey.store.transaction(request.journey.code) as work:
            work.staff_sessions.remove(token_hash(token))
    remove_token(request, response, _session_cookie(request))
    remove_token(request, response, form_cookie(request))


def farewell_of(request: Request) -> str:
    """What ending the login at the provider will take; empty where nobody is logged in."""
    token = session_token(request)
    if not token:
        return ""
    with request.journey.store.transaction(request.journey.code) as work:
        return str(work.staff_sessions.farewell(token_hash(token)))


def peek_session(request: Request) -> StaffSession | None:
    """The session as it is: looking does not make it last longer.

    :raises RuntimeError: the view has not asked for the session
    """
    need_asked(request)
    context, token = request.journey, session_token(request)
    if not token:
        return None
    with context.store.transaction(context.code) as work:
        session = living(work.staff_sessions, token, context.now())
    return _still_here(context, session)


def _session_cookie(request: Request) -> str:
    return cookie_name(request, f"staff-{request.municipality.code}")


def _login_cookie(request: Request) -> str:
    return cookie_name(request, f"login-staff-{request.municipality.code}")


def _staff_session(request: Request) -> StaffSession | None:
    """The session on a page for staff. On all other pages there is none."""
    need_asked(request)
    if request.municipality is None or not is_staff_address(request):
        return None
    token = session_token(request)
    if not token:
        return None
    context = request.journey
    with context.store.transaction(context.code) as work:
        session = used(work.staff_sessions, token, context.now())
    return _still_here(context, session)


def _still_here(context: JourneyContext, session: StaffSession | None) -> StaffSession | None:
    """The session, unless it was made by an agreement between municipalities that is over."""
    staff = still_serving_here(context, session.staff) if session else None
    return dataclasses.replace(session, staff=staff) if session and staff else None
