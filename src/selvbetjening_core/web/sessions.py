"""The citizen's web session: kept on the server, valid in one municipality.

The cookie holds a random token and nothing else; the store holds its hash. A
token of one municipality is not known in another, so it opens nothing there.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Protocol, TypeVar

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.journey.judging import token_hash
from selvbetjening_core.journey.records import StaffSession, WebSession
from selvbetjening_core.journey.session_limits import limits_of
from selvbetjening_core.values import Guest
from selvbetjening_core.web.cookies import (
    cookie_name,
    form_cookie,
    read_token,
    remove_token,
    set_token,
)
from selvbetjening_core.web.session_use import need_asked
from selvbetjening_core.web.staff.place import is_staff_address
from selvbetjening_core.web.without_login import is_without_login

S = TypeVar("S", WebSession, StaffSession)
S_co = TypeVar("S_co", covariant=True)

PROLONG_AFTER = datetime.timedelta(minutes=1)


class Kept(Protocol[S_co]):
    """Where the sessions of one kind are kept, in one municipality."""

    def get(self, token_hash: str, now: datetime.datetime) -> S_co | None:
        """The session, or None if it is unknown or has run out."""

    def prolong(self, token_hash: str, expires_at: datetime.datetime) -> None:
        """Move the idle limit."""


def includeme(config: Configurator) -> None:
    """Add ``request.web_session``."""
    config.add_request_method(_web_session, "web_session", reify=True)


def session_cookie(request: Request) -> str:
    """The name of the session cookie here: a guest has one of their own."""
    return _cookie(request, for_guests=is_without_login(request))


def _cookie(request: Request, *, for_guests: bool) -> str:
    code = request.municipality.code
    return cookie_name(request, f"guest-{code}" if for_guests else code)


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
    """Give the browser its new session. What it had before the login has served."""
    set_token(request, response, session_cookie(request), token)
    remove_token(request, response, login_cookie(request))
    remove_token(request, response, form_cookie(request))


def set_guest(request: Request, response: Response, token: str) -> None:
    """Give the browser the session of a guest. Whoever is logged in there stays so."""
    set_token(request, response, _cookie(request, for_guests=True), token)


def set_login(request: Request, response: Response, token: str) -> None:
    """Tie a login that was begun to this browser. How long it lasts, the store knows."""
    set_token(request, response, login_cookie(request), token)


def can_prolong(session: WebSession | StaffSession) -> bool:
    """Whether doing something makes the login last longer: not beyond the longest there is."""
    longest = limits_of(session).longest
    return session.created_at + longest - session.expires_at > PROLONG_AFTER


def peek_session(request: Request) -> WebSession | None:
    """The session as it is: looking does not make it last longer.

    :raises NotFound: no municipality has this address
    :raises RuntimeError: the view has not asked for the session
    """
    need_asked(request)
    context, token = request.journey, session_token(request)
    if not token:
        return None
    with context.store.transaction(context.code) as work:
        return _of_this_kind(request, living(work.sessions, token, context.now()))


def end_session(request: Request, response: Response) -> None:
    """End the session on the server, then in the browser, in all its windows."""
    token = session_token(request)
    if token:
        with request.journey.store.transaction(request.journey.code) as work:
            work.sessions.remove(token_hash(token))
    remove_token(request, response, session_cookie(request))
    remove_token(request, response, form_cookie(request))


def farewell_of(request: Request) -> str:
    """What ending the login at the provider will take; empty where nobody is logged in."""
    token = session_token(request)
    if not token:
        return ""
    with request.journey.store.transaction(request.journey.code) as work:
        return str(work.sessions.farewell(token_hash(token)))


def living(kept: Kept[S], token: str, now: datetime.datetime) -> S | None:
    """The session of a token, within the limits of today; left as it is."""
    session = kept.get(token_hash(token), now)
    return None if session is None or is_over(session, now) else session


def used(kept: Kept[S], token: str, now: datetime.datetime) -> S | None:
    """The session of a token, made to last longer: somebody has just done something."""
    session = living(kept, token, now)
    if session is None:
        return None
    until = prolonged_until(session, now)
    if until is None:
        return session
    kept.prolong(session.token_hash, until)
    return dataclasses.replace(session, expires_at=until)


def is_over(session: WebSession | StaffSession, now: datetime.datetime) -> bool:
    """Has somebody been logged in as long as one can be, by the limits of today?"""
    return now >= session.created_at + limits_of(session).longest


def prolonged_until(
    session: WebSession | StaffSession, now: datetime.datetime
) -> datetime.datetime | None:
    """When a session ends that is used now; None where it is not worth writing down."""
    until = limits_of(session).end(session.created_at, now)
    return until if until - session.expires_at > PROLONG_AFTER else None


def _web_session(request: Request) -> WebSession | None:
    """The session on a page for citizens. On the pages for staff there is none."""
    need_asked(request)
    if request.municipality is None or is_staff_address(request):
        return None
    token = session_token(request)
    if not token:
        return None
    context = request.journey
    with context.store.transaction(context.code) as work:
        return _of_this_kind(request, used(work.sessions, token, context.now()))


def _of_this_kind(request: Request, session: WebSession | None) -> WebSession | None:
    """None where a guest's token stands in the cookie of a login, or the other way round."""
    if session is None or isinstance(session.identity, Guest) != is_without_login(request):
        return None
    return session
