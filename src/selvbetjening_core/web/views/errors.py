"""Pages for what goes wrong: in the citizen's language, saying what to do."""

from __future__ import annotations

import logging
import secrets
import traceback

from pyramid.config import Configurator
from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPRequestEntityTooLarge,
)
from pyramid.request import Request
from pyramid.response import Response

from selvbetjening_core.errors import Conflict, NotAllowed, NotFound
from selvbetjening_core.web.pages import notice_page

log = logging.getLogger(__name__)


def includeme(config: Configurator) -> None:
    """Add an exception view for each kind of error."""
    config.add_notfound_view(not_found)
    config.add_forbidden_view(forbidden)
    config.add_exception_view(not_found, context=NotFound)
    config.add_exception_view(not_allowed, context=NotAllowed)
    config.add_exception_view(conflict, context=Conflict)
    config.add_exception_view(bad_request, context=HTTPBadRequest)
    config.add_exception_view(too_large, context=HTTPRequestEntityTooLarge)
    config.add_exception_view(server_error, context=Exception)


def not_found(request: Request) -> Response:
    """404: it does not exist, or is somebody else's."""
    return notice_page(request, "not_found", status=404)


def forbidden(request: Request) -> Response:
    """403: not logged in here, or no longer."""
    return notice_page(request, "forbidden", status=403, actions=_ways(request))


def not_allowed(exception: NotAllowed, request: Request) -> Response:
    """403, with the reason."""
    return notice_page(request, exception.reason, status=403, actions=_ways(request))


def conflict(exception: Conflict, request: Request) -> Response:
    """409: the page the request came from is no longer true."""
    return notice_page(request, exception.reason, status=409, actions=_ways(request))


def bad_request(request: Request) -> Response:
    """400: it could not be read."""
    return notice_page(request, "bad_request", status=400)


def too_large(request: Request) -> Response:
    """413: more than is read."""
    return notice_page(request, "too_large", status=413)


def server_error(exception: Exception, request: Request) -> Response:
    """500, with a code to tell; the log has the same code, and nothing personal."""
    code = secrets.token_hex(4)
    # The message of a foreign exception may hold anything, so only its class
    # and the lines of code are logged.
    lines = "".join(traceback.format_tb(exception.__traceback__))
    log.error("error %s: %s\n%s", code, type(exception).__name__, lines)
    return notice_page(request, "server_error", status=500, support_code=code)


def _ways(request: Request) -> list[tuple[str, str]]:
    """Back to the solution's introduction, from where one can log in or go on."""
    solution = (request.matchdict or {}).get("solution")
    if request.municipality and solution in request.municipality.solutions:
        return [(request.route_path("intro", solution=solution), request.texts.t("intro.resume"))]
    return [(request.route_path("home"), request.texts.t("common.to_front_page"))]
