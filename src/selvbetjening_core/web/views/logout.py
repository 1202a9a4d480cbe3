"""Logging out."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.web.pages import notice_page
from selvbetjening_core.web.security import citizen
from selvbetjening_core.web.sessions import end_session


def includeme(config: Configurator) -> None:
    """Add the route."""
    config.add_route("logout", "/-/log-af")
    config.add_view(log_out, route_name="logout", request_method="POST")


def log_out(request: Request) -> Response:
    """End the session, here and on the server."""
    citizen(request)
    request.web_session = None
    response = notice_page(request, "logged_out")
    end_session(request, response)
    return response
