"""How long the login lasts, making it last longer, and the page when it has ended."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import NotFound
from selvbetjening_core.journey.records import WebSession
from selvbetjening_core.journey.session_limits import CITIZEN_LIMITS, USUAL_LIMITS
from selvbetjening_core.values import AssuranceLevel
from selvbetjening_core.web.address import resume_url
from selvbetjening_core.web.csrf import leave
from selvbetjening_core.web.pages import notice_page, solution_name
from selvbetjening_core.web.policy import CITIZEN, PUBLIC, LevelOf
from selvbetjening_core.web.session_time import ENDED_REASONS, INACTIVE, MINUTES, as_data
from selvbetjening_core.web.sessions import end_session, peek_session
from selvbetjening_core.web.without_login import is_without_login, need_without_login

_MINUTES = frozenset(str(limits.idle_minutes) for limits in CITIZEN_LIMITS.values())


def includeme(config: Configurator) -> None:
    """Add the routes. Whoever has been logged off may ask, and is told so."""
    config.add_route("session-status", "/-/login")
    config.add_route("session-prolong", "/-/login/forlaeng")
    config.add_route("session-ended", "/-/login/slut/{reason}")
    config.add_route("session-ended-in", "/-/login/slut/{reason}/{solution}")
    public = {"permission": PUBLIC, "session": True}
    config.add_view(status, route_name="session-status", request_method="GET", **public)
    config.add_view(
        prolong,
        route_name="session-prolong",
        request_method="POST",
        permission=CITIZEN,
        level=AssuranceLevel.LOW,
    )
    config.add_view(ended, route_name="session-ended", request_method="GET", **public)
    config.add_view(ended, route_name="session-ended-in", request_method="GET", **public)
    config.add_route("guest-status", "/-/uden-login/{solution}")
    config.add_route("guest-prolong", "/-/uden-login/{solution}/forlaeng")
    config.add_view(guest_status, route_name="guest-status", request_method="GET", **public)
    config.add_view(
        prolong_guest,
        route_name="guest-prolong",
        request_method="POST",
        permission=CITIZEN,
        level=LevelOf.SOLUTION,
    )


def status(request: Request) -> Response:
    """How long the login lasts, as JSON. Asking does not make it last longer."""
    return _told(request, peek_session(request))


def prolong(request: Request) -> Response:
    """The same, after making it last longer. Changes nothing else.

    The look-up of the session, which every page does, is what prolongs it.
    """
    return _told(request, request.web_session)


def guest_status(request: Request) -> Response:
    """As :func:`status`, of a guest. :raises NotFound: one logs in to use this solution."""
    need_without_login(request)
    return status(request)


def prolong_guest(request: Request) -> Response:
    """As :func:`prolong`, of a guest. :raises NotFound: one logs in to use this solution."""
    need_without_login(request)
    return prolong(request)


def ended(request: Request) -> Response:
    """For one whose login has ended by itself: what is saved, and the way back in.

    :raises NotFound: nobody's login ends for such a reason
    """
    reason = request.matchdict["reason"]
    if reason not in ENDED_REASONS:
        raise NotFound("no such reason")
    if peek_session(request) is not None:
        # Another window has kept it going.
        return HTTPSeeOther(_way_back(request))
    leave(request)
    if is_without_login(request):
        response = _guest_ended(request)
    else:
        name = "session_inactive" if reason == INACTIVE else "session_too_long"
        again = (_way_back(request), request.texts.t("session.log_in_again"))
        response = notice_page(request, name, actions=[again], minutes=_idle_minutes(request))
    end_session(request, response)
    return response


def _guest_ended(request: Request) -> Response:
    way = (resume_url(request, solution_name(request)), request.texts.t("resume.title"))
    begin = (_way_back(request), request.texts.t("intro.start"))
    return notice_page(request, "guest_ended", actions=[way, begin])


def _told(request: Request, session: WebSession | None) -> Response:
    told = as_data(request, session)
    return Response(json_body=told, content_type="application/json", charset="utf-8")


def _idle_minutes(request: Request) -> int:
    """After how long the login ended: what its page has told, if there is such a limit."""
    asked = request.GET.get(MINUTES, "")
    return int(asked) if asked in _MINUTES else USUAL_LIMITS.idle_minutes


def _way_back(request: Request) -> str:
    solution = solution_name(request)
    if solution:
        return str(request.route_path("intro", solution=solution))
    return str(request.route_path("home"))
