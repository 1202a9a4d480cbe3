"""Logging out, here and at the provider; and ending as a guest, who has logged in nowhere."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.values import AssuranceLevel
from selvbetjening_core.web.address import resume_url
from selvbetjening_core.web.csrf import leave
from selvbetjening_core.web.going import see_other
from selvbetjening_core.web.leaving import send_to_log_out
from selvbetjening_core.web.pages import front_page, notice_page
from selvbetjening_core.web.policy import CITIZEN, PUBLIC, LevelOf, citizen, logged_in
from selvbetjening_core.web.sessions import end_session, farewell_of, peek_session
from selvbetjening_core.web.without_login import need_without_login


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("logout", "/-/log-af")
    config.add_view(
        log_out,
        route_name="logout",
        request_method="POST",
        permission=CITIZEN,
        level=AssuranceLevel.LOW,
    )
    config.add_route("logged-out", "/-/logget-af")
    config.add_view(
        logged_out, route_name="logged-out", request_method="GET", permission=PUBLIC, session=True
    )

    config.add_route("guest-leave", "/-/uden-login/{solution}/slut")
    config.add_view(
        end_as_guest,
        route_name="guest-leave",
        request_method="POST",
        permission=CITIZEN,
        level=LevelOf.SOLUTION,
    )


def end_as_guest(request: Request) -> Response:
    """End a guest's session, here and on the server: the screen may be anybody's.

    :raises NotFound: one logs in to use this solution
    """
    need_without_login(request)
    citizen(request)
    solution = request.matchdict["solution"]
    leave(request)
    way = (resume_url(request, solution), request.texts.t("resume.title"))
    response = notice_page(request, "guest_left", actions=[way, *front_page(request)])
    end_session(request, response)
    return response


def log_out(request: Request) -> Response:
    """End the session, here and on the server, and then the login at the provider."""
    component, url = logged_in(request).component, request.route_url("logged-out")
    farewell = farewell_of(request)
    leave(request)
    response = send_to_log_out(request, component, farewell, url)
    end_session(request, response)
    return response


def logged_out(request: Request) -> Response:
    """Where the provider sends the browser back to. Who is logged in again goes on."""
    if peek_session(request) is not None:
        return see_other(request.route_path("home"))
    leave(request)
    return notice_page(request, "logged_out")
