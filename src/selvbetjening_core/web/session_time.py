"""How long a login still lasts: for the warning before it ends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from pyramid.request import Request

from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.texts.formats import clock_time
from selvbetjening_core.web.sessions import can_prolong

WARN_SECONDS = 300
"""So long before the end a page warns (the national design system: about 5 minutes)."""

INACTIVE = "inaktiv"
TOO_LONG = "tidsgraense"
ENDED_REASONS = (INACTIVE, TOO_LONG)
"""Why a login ended by itself, as in the address of the page that tells it."""


@dataclass(frozen=True, slots=True)
class SessionTime:
    """What a page knows of the login, as the variable ``session``. Nothing personal.

    :param ends_at: when it ends if nothing is done, in Danish time: ``14.35``
    :param seconds: whole seconds until then
    :param can_prolong: whether doing something makes it last longer
    :param prolong_url: where a POST with ``csrf_token`` makes it last longer
    :param status_url: tells how long it lasts, and does not prolong it
    :param ended_url: the page for one who did nothing
    :param limit_url: the page for one who was logged in as long as one can be
    """

    ends_at: str
    seconds: int
    can_prolong: bool
    prolong_url: str
    status_url: str
    ended_url: str
    limit_url: str
    warn_seconds: int = WARN_SECONDS


def session_time(request: Request, solution: str) -> SessionTime | None:
    """How long the login of this request lasts; None where nobody is logged in.

    :param solution: where the citizen can log in again; may be empty
    """
    session: WebSession | None = request.web_session
    if session is None:
        return None
    return SessionTime(
        ends_at=clock_time(session.expires_at, request.locale),
        seconds=seconds_left(session, request.journey.now()),
        can_prolong=can_prolong(session),
        prolong_url=request.route_path("session-prolong"),
        status_url=request.route_path("session-status"),
        ended_url=ended_url(request, INACTIVE, solution),
        limit_url=ended_url(request, TOO_LONG, solution),
    )


def seconds_left(session: WebSession, now: datetime.datetime) -> int:
    """Whole seconds until the login ends."""
    return max(0, int((session.expires_at - now).total_seconds()))


def ended_url(request: Request, reason: str, solution: str) -> str:
    """The page that tells why a login ended."""
    if solution:
        return str(request.route_path("session-ended-in", reason=reason, solution=solution))
    return str(request.route_path("session-ended", reason=reason))
