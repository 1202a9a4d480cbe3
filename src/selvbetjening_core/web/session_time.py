"""How long a login still lasts: for the warning before it ends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from pyramid.request import Request

from selvbetjening_core.journey.records import StaffSession, WebSession
from selvbetjening_core.journey.session_limits import USUAL_LIMITS, limits_of
from selvbetjening_core.texts.formats import clock_time
from selvbetjening_core.values import Guest
from selvbetjening_core.web.sessions import can_prolong

WARN_SECONDS = 300
"""So long before the end a page warns (the national design system: about 5 minutes)."""

INACTIVE = "inaktiv"
TOO_LONG = "tidsgraense"
MINUTES = "minutter"
"""After how long without use it ended, in the same address, where it is not the usual."""
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
    :param is_staff: whether a member of staff is logged in, not a citizen
    :param is_guest: whether nobody is: it is a page of a solution without login
    """

    ends_at: str
    seconds: int
    can_prolong: bool
    prolong_url: str
    status_url: str
    ended_url: str
    limit_url: str
    warn_seconds: int = WARN_SECONDS
    is_staff: bool = False
    is_guest: bool = False


def session_time(request: Request, solution: str) -> SessionTime | None:
    """How long the login of this request lasts.

    None where nobody is logged in, or the view has not asked who is.

    :param solution: where the citizen can log in again; may be empty
    """
    if not request.may_use_session:
        return None
    if request.staff_session is not None:
        return _staff_time(request, request.staff_session)
    session: WebSession | None = request.web_session
    if session is None:
        return None
    ends_at, seconds = time_left(session, request.journey.now(), request.locale)
    if isinstance(session.identity, Guest):
        return _guest_time(request, session, solution, (ends_at, seconds))
    return SessionTime(
        ends_at=ends_at,
        seconds=seconds,
        can_prolong=can_prolong(session),
        prolong_url=request.route_path("session-prolong"),
        status_url=request.route_path("session-status"),
        ended_url=_ended_url(request, INACTIVE, solution) + unusual_minutes(session),
        limit_url=_ended_url(request, TOO_LONG, solution),
    )


def as_data(request: Request, session: WebSession | StaffSession | None) -> dict[str, object]:
    """How long a login lasts, for the script of the page."""
    if session is None:
        return {"seconds": 0, "ends_at": "", "can_prolong": False}
    return {
        "seconds": seconds_left(session, request.journey.now()),
        "ends_at": clock_time(session.expires_at, request.locale),
        "can_prolong": can_prolong(session),
    }


def _guest_time(
    request: Request, session: WebSession, solution: str, left: tuple[str, int]
) -> SessionTime:
    ends_at, seconds = left
    return SessionTime(
        ends_at=ends_at,
        seconds=seconds,
        can_prolong=can_prolong(session),
        prolong_url=request.route_path("guest-prolong", solution=solution),
        status_url=request.route_path("guest-status", solution=solution),
        ended_url=_ended_url(request, INACTIVE, solution),
        limit_url=_ended_url(request, TOO_LONG, solution),
        is_guest=True,
    )


def _staff_time(request: Request, session: StaffSession) -> SessionTime:
    return SessionTime(
        ends_at=clock_time(session.expires_at, request.locale),
        seconds=seconds_left(session, request.journey.now()),
        can_prolong=can_prolong(session),
        prolong_url=request.route_path("staff-prolong"),
        status_url=request.route_path("staff-session"),
        ended_url=request.route_path("staff-ended", reason=INACTIVE),
        limit_url=request.route_path("staff-ended", reason=TOO_LONG),
        is_staff=True,
    )


def time_left(
    session: WebSession | StaffSession, now: datetime.datetime, locale: str
) -> tuple[str, int]:
    """When the login ends if nothing is done, in Danish time; and whole seconds until then."""
    return clock_time(session.expires_at, locale), seconds_left(session, now)


def seconds_left(session: WebSession | StaffSession, now: datetime.datetime) -> int:
    """Whole seconds until the login ends."""
    return max(0, int((session.expires_at - now).total_seconds()))


def _ended_url(request: Request, reason: str, solution: str) -> str:
    """The page that tells why a login ended."""
    if solution:
        return str(request.route_path("session-ended-in", reason=reason, solution=solution))
    return str(request.route_path("session-ended", reason=reason))


def unusual_minutes(session: WebSession) -> str:
    """What is added to the address that tells how a login ended; empty: nothing."""
    limits = limits_of(session)
    return "" if limits.idle == USUAL_LIMITS.idle else f"?{MINUTES}={limits.idle_minutes}"
