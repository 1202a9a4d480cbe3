"""Logging out."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.values import AssuranceLevel
from selvbetjening_core.web.csrf import leave
from selvbetjening_core.web.pages import notice_page
from selvbetjening_core.web.policy import CITIZEN, citizen
from selvbetjening_core.web.sessions import end_session


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("logout", "/-/log-af")
    config.add_view(
        log_out,
        route_name="logout",
        request_method="POST",
        permission=CITIZEN,
        level=AssuranceLevel.LOW,
    )


def log_out(request: Request) -> Response:
    """End the session, here and on the server."""
    citizen(request)
    leave(request)
    response = notice_page(request, "logged_out")
    end_session(request, response)
    return response
