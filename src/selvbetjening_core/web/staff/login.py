"""Staff log in and out, and are told how long the login lasts."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import NotFound, Unavailable
from selvbetjening_core.journey.judging import RefusedLogin
from selvbetjening_core.journey.session_limits import STAFF_LIMITS
from selvbetjening_core.journey.staff_login import (
    begin_staff_login,
    complete_staff_login,
    staff_component,
)
from selvbetjening_core.values import Message
from selvbetjening_core.web.address import message_url, site_url
from selvbetjening_core.web.csrf import leave
from selvbetjening_core.web.leaving import send_away, send_to_log_out
from selvbetjening_core.web.pages import Page, notice_page, show
from selvbetjening_core.web.policy import PUBLIC, STAFF
from selvbetjening_core.web.session_time import ENDED_REASONS, INACTIVE, as_data
from selvbetjening_core.web.staff.place import STAFF_PATH
from selvbetjening_core.web.staff.sessions import (
    end_session,
    farewell_of,
    login_token,
    peek_session,
    session_token,
    set_login,
    set_session,
)
from selvbetjening_core.web.tenancy import switch_language

_STATUS = {"login_cancelled": 200, "login_unavailable": 503}


def includeme(config: Configurator) -> None:
    """Add the routes. Who is not logged in may see that one has to, and begin."""
    public = {"permission": PUBLIC, "session": True}
    config.add_route("staff-login", f"{STAFF_PATH}/log-ind")
    config.add_view(log_in_page, route_name="staff-login", request_method="GET", **public)
    config.add_view(begin, route_name="staff-login", request_method="POST", **public)
    config.add_route("staff-logout", f"{STAFF_PATH}/log-af")
    config.add_view(log_out, route_name="staff-logout", request_method="POST", permission=STAFF)
    config.add_route("staff-logged-out", f"{STAFF_PATH}/logget-af")
    config.add_view(logged_out, route_name="staff-logged-out", request_method="GET", **public)
    config.add_route("staff-session", f"{STAFF_PATH}/login")
    config.add_view(status, route_name="staff-session", request_method="GET", **public)
    config.add_route("staff-prolong", f"{STAFF_PATH}/login/forlaeng")
    config.add_view(prolong, route_name="staff-prolong", request_method="POST", permission=STAFF)
    config.add_route("staff-ended", f"{STAFF_PATH}/login/slut/{{reason}}")
    config.add_view(ended, route_name="staff-ended", request_method="GET", **public)
    # Below the pages for staff there is nothing of anybody else's.
    config.add_route("staff-nothing", f"{STAFF_PATH}/*rest")
    config.add_view(nothing, route_name="staff-nothing", **public)


def log_in_page(request: Request, status: int = 200) -> Response:
    """The button that leads to the login; its address may be asked for again."""
    values = {"login_url": request.route_path("staff-login")}
    return show(
        request,
        Page("staff_login.html", request.texts.t("staff.login.title"), values, None, status),
    )


def begin(request: Request) -> Response:
    """Off to the provider."""
    component = staff_component(request.journey)
    try:
        login = begin_staff_login(
            request.journey, request.locale, site_url(request), message_url(request, component)
        )
        response = send_away(request, login.challenge, "")
    except Unavailable:
        return notice_page(request, "login_unavailable", status=503)
    set_login(request, response, login.browser_token)
    return response


def come_back(request: Request, message: Message) -> Response:
    """The provider sends the browser here, with its answer."""
    outcome = complete_staff_login(
        request.journey, message, login_token(request), session_token(request)
    )
    switch_language(request, outcome.locale or request.locale)
    if isinstance(outcome, RefusedLogin):
        again = (request.route_path("staff-login"), request.texts.t("common.try_again"))
        return notice_page(
            request, outcome.reason, status=_STATUS.get(outcome.reason, 403), actions=[again]
        )
    response = HTTPSeeOther(request.route_path("staff"))
    set_session(request, response, outcome.token)
    return response


def log_out(request: Request) -> Response:
    """End the session, here and on the server, and then the login at the provider."""
    farewell, url = farewell_of(request), request.route_url("staff-logged-out")
    leave(request)
    response = send_to_log_out(request, staff_component(request.journey), farewell, url)
    end_session(request, response)
    return response


def logged_out(request: Request) -> Response:
    """Where the provider sends the browser back to. Who is logged in again goes on."""
    if peek_session(request) is not None:
        return HTTPSeeOther(request.route_path("staff"))
    leave(request)
    again = (request.route_path("staff-login"), request.texts.t("common.log_in"))
    return notice_page(request, "staff_logged_out", actions=[again])


def status(request: Request) -> Response:
    """How long the login lasts, as JSON. Asking does not make it last longer."""
    return Response(json_body=as_data(request, peek_session(request)), charset="utf-8")


def prolong(request: Request) -> Response:
    """The same, after making it last longer: the look-up of the session does."""
    return Response(json_body=as_data(request, request.staff_session), charset="utf-8")


def ended(request: Request) -> Response:
    """For one whose login has ended by itself.

    :raises NotFound: nobody's login ends for such a reason
    """
    reason = request.matchdict["reason"]
    if reason not in ENDED_REASONS:
        raise NotFound("no such reason")
    if peek_session(request) is not None:
        # Another window has kept it going.
        return HTTPSeeOther(request.route_path("staff"))
    leave(request)
    name = "staff_inactive" if reason == INACTIVE else "staff_too_long"
    again = (request.route_path("staff-login"), request.texts.t("session.log_in_again"))
    response = notice_page(request, name, actions=[again], minutes=STAFF_LIMITS.idle_minutes)
    end_session(request, response)
    return response


def nothing(request: Request) -> Response:  # noqa: ARG001 - Pyramid's signature
    """There is no such page for staff."""
    raise HTTPNotFound
